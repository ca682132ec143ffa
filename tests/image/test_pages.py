import json
import re
from typing import Any

import pytest

from tests.image.containers import docker, eventually, execute, logs
from tests.image.site import Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]


def _requests(web: str) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in logs(web).splitlines())
    return [line for line in lines if "uri" in line]


def _logged(web: str, part: str) -> dict[str, Any]:
    """Log entry of the request whose address holds `part`; Docker shows it a moment later."""

    def found() -> list[dict[str, Any]]:
        return [line for line in _requests(web) if part in line["uri"]]

    eventually(lambda: bool(found()), f"{part} is in the log")
    return found()[0]


def test_front_page_leads_to_the_main_page(web: str) -> None:
    """The root redirects to the canonical address, whatever host was asked."""
    answer = get(web, "/", Host="evil.example")
    assert (answer.status, answer.headers["Location"]) == (301, "http://wiki.test:8080/wiki/Main_Page")


def test_short_address_shows_a_page(web: str) -> None:
    """/wiki/Title is the page, and its title survives what needs escaping."""
    assert b"<title>Test</title>" in get(web, "/wiki/Main_Page").body
    assert b"There is currently no text in this page" in get(web, "/wiki/A%26b%3Fc/d%2B").body
    assert b"A&amp;b?c/d+" in get(web, "/wiki/A%26b%3Fc/d%2B").body


def test_interfaces_answer(web: str) -> None:
    """The API, the REST API and the style sheets work; assets are served by nginx."""
    assert json.loads(get(web, "/api.php?action=query&format=json&meta=siteinfo").body)["query"]["general"]
    assert json.loads(get(web, "/rest.php/v1/page/Main_Page").body)["title"] == "Main Page"
    styles = get(web, "/load.php?lang=en&modules=skins.vector.styles&only=styles&skin=vector-2022")
    assert styles.headers["Content-Type"].startswith("text/css")
    assert get(web, "/resources/assets/mediawiki.png").headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("path", ["/wiki/Main_Page", "/resources/assets/mediawiki.png", "/images/none.png", "/none"])
def test_every_answer_forbids_sniffing(web: str, path: str) -> None:
    """Each kind of answer says exactly once that its type is not to be guessed, and no version."""
    headers = get(web, path).headers
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers["Server"] == "nginx"
    assert headers["X-Powered-By"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/LocalSettings.php",
        "/%4cocalSettings.php",
        "/wiki/../LocalSettings.php",
        "/maintenance/run.php",
        "/mw-config/index.php",
        "/includes/WebStart.php",
        "/vendor/autoload.php",
        "/extensions/Cite/src/Cite.php",
        "/extensions/Cite/extension.json",
        "/languages/messages/MessagesEn.php",
        "/.git/config",
        "/resources/.htaccess",
        "/img_auth.php",
        "/thumb_handler.php",
        "/composer.json",
        "/images/deleted/",
        "/images/deleted/a/b.png",
        "/images/temp/x.png",
        "/images/lockdir/x",
        "/images/.htaccess",
        "/index.php/../LocalSettings.php",
        "//LocalSettings.php",
    ],
)
def test_path_is_not_served(web: str, path: str) -> None:
    """What is not for readers does not exist for them."""
    answer = get(web, path)
    assert answer.status == 404
    assert b"<?php" not in answer.body


def test_deleted_upload_is_not_served(web: str) -> None:
    """A file that an administrator deleted stays on the volume and out of reach."""
    execute(web, "echo gone >/srv/files/images/deleted/gone.txt; echo here >/srv/files/images/here.txt")
    assert get(web, "/images/here.txt").body == b"here\n"
    assert get(web, "/images/deleted/gone.txt").status == 404


@pytest.mark.parametrize("name", ["evil.php", "evil.PHP", "evil.php7", "evil.phtml", "evil.phar", "evil.jpg.php"])
def test_uploaded_php_never_runs(web: str, name: str) -> None:
    """PHP in the folder of uploads is neither run nor shown, also by a path behind its name."""
    execute(web, f"echo '<?php echo 6*7;' >/srv/files/images/{name}")
    for path in (f"/images/{name}", f"/images/{name}/x.jpg", f"/images/thumb/../{name}"):
        answer = get(web, path)
        assert answer.status == 404
        assert b"42" not in answer.body
        assert b"<?php" not in answer.body


def test_php_behind_an_image_never_runs(web: str) -> None:
    """A harmless name that holds PHP is handed out as it is."""
    execute(web, "echo '<?php echo 6*7;' >/srv/files/images/evil.jpg")
    assert get(web, "/images/evil.jpg").body == b"<?php echo 6*7;\n"
    assert get(web, "/images/evil.jpg/x.php").status == 404


def test_script_in_an_upload_is_fenced(web: str) -> None:
    """Nothing in an upload may run in the reader's browser."""
    execute(web, "echo '<svg/>' >/srv/files/images/drawing.svg")
    assert "default-src 'none'" in get(web, "/images/drawing.svg").headers["Content-Security-Policy"]


def test_exceptions_stay_inside(web: str) -> None:
    """An error page does not show details."""
    answer = get(web, "/index.php?title=Main_Page&curid=x&oldid=999999999&diff=prev&action=raw&ctype=bad")
    assert b"/usr/share/mediawiki" not in answer.body


def test_access_log_is_json(web: str) -> None:
    """Each request is one JSON line on the log, probes are not."""
    get(web, '/wiki/Log"line')
    found = _logged(web, "/wiki/Log")
    assert (found["method"], found["status"], found["scheme"]) == ("GET", 404, "http")
    assert not [line for line in _requests(web) if line["uri"] in {"/healthz", "/readyz"}]


def test_every_line_of_the_log_is_json(site: Site) -> None:
    """From the first message to the last, with what PHP and nginx have to complain about."""
    talker = site.serve()
    get(talker, "/wiki/Main_Page")
    execute(talker, "echo x >/srv/files/images/sealed.txt; chmod 0 /srv/files/images/sealed.txt")
    assert get(talker, "/images/sealed.txt").status == 403
    execute(talker, "kill -USR2 $(</run/berth/php-fpm.pid)")
    docker("stop", talker)
    lines = [json.loads(line) for line in logs(talker).splitlines()]
    messages = [line["message"] for line in lines if line.get("source") == "server"]
    assert any("sealed.txt" in message and "Permission denied" in message for message in messages)
    assert any(line.get("source") == "berth" and "stopping" in line["message"] for line in lines)
    assert any(line.get("uri") == "/wiki/Main_Page" for line in lines)


def test_stranger_cannot_claim_https_or_an_address(web: str) -> None:
    """Without a trusted proxy, forwarded headers do not count."""
    answer = get(web, "/wiki/Special:UserLogin?stranger", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.7")
    assert not re.search("(?i); *secure", str(answer.headers["Set-Cookie"]))
    found = _logged(web, "UserLogin?stranger")
    assert found["scheme"] == "http"
    assert found["client"] == found["peer"]


def test_load_balancer_is_believed(site: Site) -> None:
    """With the proxy's range in TRUSTED_PROXIES its headers tell the protocol and the client."""
    behind = site.serve(TRUSTED_PROXIES="10.0.0.0/8,172.16.0.0/12,192.168.0.0/16")
    answer = get(behind, "/wiki/Special:UserLogin?behind", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.7")
    assert re.search("(?i); *secure", str(answer.headers["Set-Cookie"]))
    found = _logged(behind, "UserLogin?behind")
    assert (found["scheme"], found["client"]) == ("https", "192.0.2.7")
