import json
import urllib.parse
from collections.abc import Iterator

import pytest

from tests.image import mail
from tests.image.blog import HOST, within
from tests.image.containers import eventually
from tests.image.mail import MailServer
from tests.image.site import ADMIN, Site, ask

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]

SETTINGS = (
    'foreach (["PHPMailer", "SMTP", "Exception"] as $part) require_once ABSPATH . "wp-includes/PHPMailer/$part.php";'
    '$mail = new PHPMailer\\PHPMailer\\PHPMailer(); do_action_ref_array("phpmailer_init", [&$mail]);'
    "echo json_encode([$mail->Mailer, $mail->Host, $mail->Port, $mail->SMTPAuth, $mail->Username, $mail->Password,"
    " $mail->SMTPSecure, $mail->Sender]);"
)


@pytest.fixture(scope="module")
def server(network: str) -> Iterator[MailServer]:
    """Take mail."""
    with mail.server(network) as running:
        yield running


def test_a_lost_password_comes_by_mail(site: Site, server: MailServer) -> None:
    """The form of the log-in page sends a letter, from the address that is set, through the server that is set."""
    web = site.serve(SMTP_HOST=server.host, SMTP_PORT=str(server.port), SMTP_FROM="blog@example.org")
    form = urllib.parse.urlencode({"user_login": ADMIN}).encode()
    kind = "application/x-www-form-urlencoded"
    answer = ask("POST", web, "/wp-login.php?action=lostpassword", form, Host=HOST, Content_Type=kind)
    assert answer.status == 302, answer.body
    eventually(lambda: bool(server.letters), "a letter came")
    assert "To: admin@blog.test" in server.letters[0]
    assert "action=rp" in server.letters[0]
    assert server.senders == ["blog@example.org"]


@pytest.mark.parametrize(("port", "security"), [("465", "ssl"), ("587", "tls")])
def test_the_log_in_goes_over_tls_only(site: Site, port: str, security: str) -> None:
    """With a log-in there is TLS: from the first byte on port 465, else before the password."""
    given = {"SMTP_FROM": "blog@example.org", "SMTP_USER": "mailer", "SMTP_PASSWORD": "canary-mail"}
    web = site.serve(SMTP_HOST="mail.test", SMTP_PORT=port, **given)
    found = json.loads(within(web, SETTINGS))
    assert found == ["smtp", "mail.test", int(port), True, "mailer", "canary-mail", security, "blog@example.org"]
