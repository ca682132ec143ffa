import struct
import urllib.error
import urllib.parse

import pytest

from tests.image.client import Client
from tests.image.containers import eventually
from tests.image.picture import png
from tests.image.site import ADMIN, Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]


@pytest.fixture(scope="module")
def other(site: Site) -> str:
    """Serve the shared wiki a second time."""
    return site.serve()


@pytest.fixture
def client(site: Site, web: str, other: str) -> Client:
    """Log in as the administrator, asking one replica for the token and the other for the session."""
    client = Client()
    client.log_in(other, ADMIN, site.admin_password, token_from=web)
    return client


def test_session_holds_on_every_replica(client: Client, web: str, other: str) -> None:
    """A person who logged in on one replica edits on another and reads on the first."""
    token = client.token(web, "csrf")
    edit = client.call(other, action="edit", title="Replicas", text="written on one", token=token)
    assert edit["edit"]["result"] == "Success", edit
    assert b"written on one" in get(web, "/wiki/Replicas").body


def test_upload_shows_on_every_replica(client: Client, web: str, other: str) -> None:
    """A picture uploaded to one replica is served by another, its thumbnail made when asked for."""
    picture = png(400, 300)
    token = client.token(web, "csrf")
    upload = client.call(web, picture, action="upload", filename="Berth.png", ignorewarnings="1", token=token)
    assert upload["upload"]["result"] == "Success", upload
    wanted = {"prop": "imageinfo", "iiprop": "url", "iiurlwidth": "120"}
    sizes = client.call(other, action="query", titles="File:Berth.png", **wanted)
    [page] = sizes["query"]["pages"].values()
    original, thumbnail = (urllib.parse.urlsplit(page["imageinfo"][0][key]).path for key in ("url", "thumburl"))
    assert get(other, original).body == picture
    first, second = get(other, thumbnail), get(web, thumbnail)
    assert (first.status, first.headers["Content-Type"]) == (200, "image/png")
    assert first.body == second.body
    assert len(first.body) < len(picture) or first.body[16:24] == struct.pack(">II", 120, 90)


def test_one_limit_holds_for_uploads(site: Site) -> None:
    """UPLOAD_MIB is the limit of nginx and of PHP, whose own would be 2 MiB."""
    limited, client = site.serve(UPLOAD_MIB="3"), Client()
    client.log_in(limited, ADMIN, site.admin_password)
    asked = {"action": "upload", "ignorewarnings": "1", "token": client.token(limited, "csrf")}
    upload = client.call(limited, png(1000, 900, level=0), filename="Large.png", **asked)
    assert upload["upload"]["result"] == "Success", upload
    with pytest.raises(urllib.error.HTTPError, match="413"):
        client.call(limited, png(1600, 1000, level=0), filename="Larger.png", **asked)


def test_jobs_get_run(client: Client, site: Site, web: str) -> None:
    """Jobs that an edit leaves are run by the runner of some replica, not by page views."""
    token = client.token(web, "csrf")
    for number in range(3):
        client.call(web, action="edit", title=f"User of {number}", text="{{Template:Shared}}", token=token)
    client.call(web, action="edit", title="Template:Shared", text="[[Category:Shared]]", token=token)
    eventually(lambda: site.query(f"SELECT COUNT(*) FROM {site.name}.job") == ["0"], "all jobs are done", 60)
    linked = f"SELECT COUNT(*) FROM {site.name}.categorylinks WHERE cl_to = 'Shared'"
    eventually(lambda: site.query(linked) == ["4"], "the pages are in the template's category", 60)


def test_read_only_mode_says_why(site: Site) -> None:
    """MEDIAWIKI_READ_ONLY refuses edits with its text, and pages can be read."""
    frozen = site.serve(MEDIAWIKI_READ_ONLY="moving house")
    answer = Client().call(frozen, action="edit", title="Frozen", text="x", token="+\\")
    assert answer["error"]["code"] == "readonly"
    assert answer["error"]["readonlyreason"] == "moving house"
    assert get(frozen, "/wiki/Main_Page").status == 200
