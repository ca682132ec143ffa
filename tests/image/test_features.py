import json
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker as sdk
import pytest

from modules.apps import mediawiki
from ops import images, sbom
from ops.errors import OpsError
from ops.place import Place
from tests.image.building import built
from tests.image.client import Client
from tests.image.containers import execute
from tests.image.document import pdf
from tests.image.packages import EVERYTHING, composer
from tests.image.shelf import Shelf, repack, shelf
from tests.image.site import ADMIN, Database, get
from tests.image.wiki import Wiki

pytestmark = pytest.mark.containers

CONTENT_OF_PACKAGES = "8a5f1e66cc126f7c12089863d5b941ef2627ef34e8423763119751e11164c5c8"
"""Checksum of what the three packages hold."""

SIZE = 'width="400" height="300"'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" {SIZE}><rect {SIZE} fill="{{}}"/>{{}}</svg>'
FOREIGN = f'<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="other.svg" {SIZE}/>'


@pytest.fixture(scope="module")
def served(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Serve a release made of the package's files, with one folder around them as upstream has it."""
    built(mediawiki.image(), base)
    application = images.recipe(Place.of("local"), "test", mediawiki.image(), base).links[1].reference
    with shelf(tmp_path_factory.mktemp("shelf")) as made:
        archive = made.folder / "release.tar.gz"
        repack(application, "/usr/share/mediawiki", "mediawiki-1.43", archive, "LocalSettings.php", "extensions-core")
        yield made


@pytest.fixture(scope="module")
def whole(served: Shelf, base: str) -> str:
    """Build the image of a wiki with all that is optional: upstream's archive, features, Composer packages."""
    wanted = mediawiki.image(
        release=served.download("release.tar.gz"),
        features=("svg", "pdf"),
        extensions=("Hello", "Scribunto", "VisualEditor"),
        composer=composer(served, EVERYTHING, CONTENT_OF_PACKAGES),
    )
    return built(wanted, base)


@pytest.fixture(scope="module")
def wiki(whole: str, database: Database) -> Iterator[Wiki]:
    """Install it."""
    with closing(Wiki(whole, database)) as wiki:
        wiki.install()
        yield wiki


@pytest.fixture(scope="module")
def replicas(wiki: Wiki) -> tuple[str, str]:
    """Serve it twice."""
    return wiki.serve(), wiki.serve()


@pytest.fixture(scope="module")
def web(replicas: tuple[str, str]) -> str:
    """Take one of them."""
    return replicas[0]


@pytest.fixture(scope="module")
def client(wiki: Wiki, web: str) -> Client:
    """Log in as the administrator."""
    client = Client()
    client.log_in(web, ADMIN, wiki.admin_password)
    return client


def _upload(client: Client, web: str, name: str, content: bytes) -> None:
    asked = {"action": "upload", "filename": name, "ignorewarnings": "1"}
    answer = client.call(web, content, token=client.token(web, "csrf"), **asked)
    assert answer["upload"]["result"] == "Success", answer


def _thumbnail(client: Client, web: str, name: str, **wanted: str) -> str:
    """Path of a picture that is drawn of an upload when it is first asked for."""
    asked = {"action": "query", "titles": f"File:{name}", "prop": "imageinfo", "iiprop": "url|size"}
    (page,) = client.call(web, **asked, **wanted)["query"]["pages"].values()
    return page["imageinfo"][0]["thumburl"].removeprefix("http://wiki.test:8080")


def _php(web: str, script: str) -> str:
    """Run PHP in the container; what it prints."""
    return execute(web, f"cat >/tmp/test.php <<'X'\n<?php {script}\nX\nphp /tmp/test.php")


def _write(web: str, path: str, content: bytes) -> None:
    _php(web, f"file_put_contents('{path}', hex2bin('{content.hex()}'));")


def _colour(web: str, path: str) -> str:
    """Name the strongest colour in the middle of a picture."""
    script = f"$p = imagecreatefromstring(file_get_contents('{path}'));"
    script += "$c = imagecolorsforindex($p, imagecolorat($p, intdiv(imagesx($p), 2), intdiv(imagesy($p), 2)));"
    return _php(web, f"{script} unset($c['alpha']); echo array_search(max($c), $c);")


def _shown(web: str, picture: bytes) -> str:
    _write(web, "/tmp/shown", picture)
    return _colour(web, "/tmp/shown")


def test_svg_is_drawn_by_either_replica(client: Client, replicas: tuple[str, str]) -> None:
    """A drawing uploaded to one replica is shown by the other as a PNG of the wanted width."""
    web, other = replicas
    _upload(client, web, "Blue.svg", SVG.format("#0000ff", "").encode())
    shown = get(other, _thumbnail(client, web, "Blue.svg", iiurlwidth="120"))
    assert (shown.status, shown.headers["Content-Type"], shown.body[1:4]) == (200, "image/png", b"PNG")
    assert struct.unpack(">II", shown.body[16:24]) == (120, 90)
    assert _shown(web, shown.body) == "blue"


def test_a_drawing_names_no_other_file(web: str) -> None:
    """What an SVG file names beside itself is not drawn into the picture, though the converter could read it."""
    _write(web, "/tmp/other.svg", SVG.format("#ff0000", "").encode())
    _write(web, "/tmp/drawing.svg", SVG.format("#0000ff", FOREIGN).encode())
    ask = "echo MediaWiki\\MediaWikiServices::getInstance()->getMainConfig()->get('SVGConverters')['rsvg'];"
    said = execute(web, f"entrypoint php /usr/share/mediawiki/maintenance/run.php eval <<'X'\n{ask}\nX")
    ours = said.strip().lstrip("> ").splitlines()[0]
    colours = []
    for command in (ours, ours.replace("< $input", "$input")):
        execute(web, f"width=400 height=300 input=/tmp/drawing.svg output=/tmp/drawing.png; {command}")
        colours.append(_colour(web, "/tmp/drawing.png"))
    assert colours == ["blue", "red"]


def test_pages_of_pdf_are_drawn_by_either_replica(client: Client, replicas: tuple[str, str]) -> None:
    """Each page of a document uploaded to one replica is shown by the other."""
    web, other = replicas
    _upload(client, web, "Pages.pdf", pdf(2))
    assert client.call(web, action="query", titles="File:Pages.pdf", prop="imageinfo", iiprop="size")
    colours = []
    for page in ("1", "2"):
        shown = get(other, _thumbnail(client, web, "Pages.pdf", iiurlwidth="100", iiurlparam=f"page{page}-100px"))
        assert (shown.status, shown.headers["Content-Type"]) == (200, "image/jpeg")
        colours.append(_shown(web, shown.body))
    assert colours == ["red", "green"]


def test_upload_types_follow_the_features(client: Client, web: str) -> None:
    """Both kinds may be uploaded beside those of the settings, without being named there."""
    answer = client.call(web, action="query", meta="siteinfo", siprop="fileextensions")
    found = [one["ext"] for one in answer["query"]["fileextensions"]]
    assert found == ["png", "gif", "jpg", "jpeg", "webp", "pdf", "svg"]


def test_a_module_runs(client: Client, web: str) -> None:
    """A page that calls a Lua module shows what it computes, in the sandbox of PHP and no program beside it."""
    module = "return { sum = function(frame) return 'makes ' .. (frame.args[1] + 40) end }"
    client.edit(web, "Module:Sums", module)
    client.edit(web, "Sums", "{{#invoke:Sums|sum|2}}")
    assert b"makes 42" in get(web, "/wiki/Sums").body
    assert execute(web, "php -r 'echo extension_loaded(\"luasandbox\") ? 1 : 0;'") == "1"


def test_the_visual_editor_edits(client: Client, web: str) -> None:
    """A page goes to the editor as HTML, and what was changed there comes back as wikitext: Parsoid runs in PHP."""
    client.edit(web, "Visual", "Some ''old'' words.")
    parsed = client.call(web, action="visualeditor", paction="parse", page="Visual")["visualeditor"]
    assert "<i" in parsed["content"]
    fields = {
        "action": "visualeditoredit",
        "paction": "save",
        "page": "Visual",
        "html": parsed["content"].replace(">old<", ">new<"),
        "etag": parsed["etag"],
        "oldid": str(parsed["oldid"]),
        "token": client.token(web, "csrf"),
    }
    saved = client.call(web, **fields)["visualeditoredit"]
    assert saved["result"] == "success", saved
    answer = client.call(web, action="parse", page="Visual", prop="wikitext")
    assert answer["parse"]["wikitext"]["*"] == "Some ''new'' words."


def test_another_checksum_is_refused(served: Shelf, base: str) -> None:
    """A release whose checksum is not the one that was asked for builds no image, and the error says so."""
    release = served.download("release.tar.gz") | {"sha256": "0" * 64}
    with pytest.raises(OpsError, match="did not match"):
        built(mediawiki.image(release=release), base)


def test_the_release_is_upstream_s(web: str) -> None:
    """MediaWiki comes out of the archive, no package of Debian's is beside it."""
    assert execute(web, "dpkg-query --show mediawiki 2>&1 || true").startswith("dpkg-query: no packages found")
    assert b"MediaWiki has been installed" in get(web, "/wiki/Main_Page").body


def test_composer_packages_are_at_work(web: str) -> None:
    """An extension that is a package is loaded, with what it needs; what MediaWiki brings is not there twice."""
    assert b"Hello from a package" in get(web, "/wiki/Main_Page").body
    assert execute(web, "ls /usr/share/berth/composer/vendor") == "autoload.php\nberth\ncomposer\n"
    assert execute(web, "command -v composer unzip || echo none") == "none\n"


def test_composer_packages_are_in_the_bill_of_materials(whole: str, tmp_path: Path) -> None:
    """Each package of the site's stands there beside MediaWiki's own."""
    listed = json.loads(sbom.write(sdk.from_env(), whole, tmp_path).read_text())["components"]
    urls = {component["purl"] for component in listed}
    assert {f"pkg:composer/{name}@{version}" for name, version in EVERYTHING.items()} <= urls
    assert any(url.startswith("pkg:composer/wikimedia/parsoid@") for url in urls)
