import json

import pytest

from tests.image.containers import execute
from tests.image.site import Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]


@pytest.fixture(scope="module")
def configured(site: Site) -> str:
    """Serve the shared wiki with what owners set."""
    return site.serve(
        MEDIAWIKI_LOGO="/images/Logo.svg",
        MEDIAWIKI_UPLOAD_TYPES="png,pdf",
        SMTP_HOST="mail.test",
        SMTP_PORT="465",
        SMTP_FROM="wiki@example.org",
        SMTP_USER="mailer",
        SMTP_PASSWORD="canary-mail",
    )


def _value(web: str, name: str) -> object:
    script = f"echo json_encode(MediaWiki\\MediaWikiServices::getInstance()->getMainConfig()->get('{name}'));"
    # As the server's own processes see it: what Docker runs beside them lacks what the entrypoint has set.
    evaluate = (
        "xargs -0 -a /proc/1/environ bash -c 'exec env \"$@\" php /usr/share/mediawiki/maintenance/run.php eval' x"
    )
    shell = f"{evaluate} <<'PHP'\n{script}\nPHP"
    return json.loads(execute(web, shell).strip().lstrip("> ").splitlines()[0])


def test_logo_shows(configured: str) -> None:
    """The logo is on every page."""
    assert b'src="/images/Logo.svg"' in get(configured, "/wiki/Main_Page").body


def test_upload_types_are_a_list(configured: str) -> None:
    """Only the kinds of files that are named may be uploaded."""
    assert _value(configured, "FileExtensions") == ["png", "pdf"]


def test_mail_goes_through_the_server(configured: str) -> None:
    """The mail server's name, port and log-in arrive; the secret is in no environment."""
    found = _value(configured, "SMTP")
    assert {key: found[key] for key in ("host", "port", "auth", "username", "password")} == {
        "host": "ssl://mail.test",
        "port": 465,
        "auth": True,
        "username": "mailer",
        "password": "canary-mail",
    }
    assert _value(configured, "PasswordSender") == "wiki@example.org"
    environments = "cat /proc/1/environ /proc/$(</run/berth/php-fpm.pid)/environ"
    assert "SMTP_HOST=mail.test" in execute(configured, environments)
    assert "canary-mail" not in execute(configured, environments)


def test_mail_needs_a_sender(site: Site) -> None:
    """A mail server without an address that mail comes from is refused."""
    code, errors = site.run("serve", SMTP_HOST="mail.test")
    assert code == 1
    assert "SMTP_FROM: got ''; must be the address that mail comes from" in errors


def test_without_a_server_there_is_no_mail(web: str) -> None:
    """A wiki without a mail server offers none."""
    assert _value(web, "EnableEmail") is False
