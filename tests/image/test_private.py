import pytest

from tests.image.client import Client
from tests.image.containers import execute
from tests.image.picture import png
from tests.image.site import ADMIN, Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]


@pytest.fixture(scope="module")
def private(site: Site) -> str:
    """Serve the shared wiki to people with an account only."""
    return site.serve(MEDIAWIKI_PRIVATE="1", PAGE_CACHE_SECONDS="60")


@pytest.fixture(scope="module")
def member(site: Site, private: str) -> Client:
    """Log in, and upload a picture."""
    client = Client()
    client.log_in(private, ADMIN, site.admin_password)
    asked = {"action": "upload", "filename": "Sealed.png", "ignorewarnings": "1"}
    answer = client.call(private, png(40, 30), token=client.token(private, "csrf"), **asked)
    assert answer["upload"]["result"] == "Success", answer
    return client


def _path(private: str) -> str:
    return execute(private, "cd /srv/files; find images -name Sealed.png -path 'images/?/*'").strip()


def test_pages_are_for_members(private: str, member: Client) -> None:
    """A stranger is asked to log in, a member reads; nothing is kept for others."""
    stranger, read = get(private, "/wiki/Main_Page"), get(private, "/wiki/Main_Page", Cookie=member.cookie)
    assert b"<title>Login required" in stranger.body
    assert b"MediaWiki has been installed" in read.body
    assert (stranger.headers["X-Cache"], read.headers["X-Cache"]) == (None, None)


def test_stranger_gets_no_account(private: str) -> None:
    """Accounts are handed out, not taken."""
    assert b"wpRetype" not in get(private, "/wiki/Special:CreateAccount").body
    assert Client().call(private, action="query", meta="siteinfo")["error"]["code"] == "readapidenied"


def test_uploads_are_for_members(private: str, member: Client) -> None:
    """A picture is handed to a member and to nobody else, with the headers of every upload."""
    path = f"/{_path(private)}"
    assert get(private, path).status == 403
    shown = get(private, path, Cookie=member.cookie)
    assert (shown.status, shown.body) == (200, png(40, 30))
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "private" in shown.headers["Cache-Control"]


@pytest.mark.parametrize("folder", ["deleted", "temp", "lockdir"])
def test_folder_of_nobody_stays_shut(private: str, member: Client, folder: str) -> None:
    """What is not for readers is not for members either, whatever its name."""
    execute(private, f"echo x >/srv/files/images/{folder}/Sealed.png")
    assert get(private, f"/images/{folder}/Sealed.png", Cookie=member.cookie).status == 404
