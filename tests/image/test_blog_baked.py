import hashlib
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from modules.apps import wordpress
from ops.errors import OpsError
from tests.image.blog import HOST, Blog, within
from tests.image.building import built
from tests.image.containers import docker, execute
from tests.image.site import Database, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]

CONTENT = ("db.php", "mu-plugins", "upgrade", "upgrade-temp-backup", "uploads")
BERTHS = ("wp-config.php", *(f"wp-content/{name}" for name in CONTENT))
"""What is the image's own in the tree."""

PLUGIN = "<?php\n/* Plugin Name: Berth test */\nadd_action('wp_head', fn () => print('<meta name=\"berth-test\">'));\n"


@dataclass
class Shelf:
    """A folder that a web server on this machine hands out to containers."""

    folder: Path
    url: str

    def download(self, name: str) -> dict[str, str]:
        """Return where a file is, and its checksum."""
        checksum = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        return {"url": f"{self.url}/{name}", "sha256": checksum}


@pytest.fixture(scope="module")
def shelf(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Serve a release made of the package's files, and a plugin."""
    folder = tmp_path_factory.mktemp("shelf")
    excluded = [f"--exclude=wordpress/{name}" for name in BERTHS]
    pack = ("tar", "-C", "/usr/share", "--create", "--gzip", "--dereference", *excluded, "wordpress")
    with (folder / "release.tar.gz").open("wb") as out:
        subprocess.run(["docker", "run", "--rm", "--entrypoint", pack[0], image, *pack[1:]], stdout=out, check=True)
    with zipfile.ZipFile(folder / "plugin.zip", "w") as archive:
        archive.writestr("berth-test-1.0/berth-test.php", PLUGIN)
    gateway = docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}").stdout.strip()
    server = ThreadingHTTPServer((gateway, 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Shelf(folder, f"http://{gateway}:{server.server_port}")
    server.shutdown()
    server.server_close()


def test_another_checksum_is_refused(shelf: Shelf, base: str) -> None:
    """A release whose checksum is not the one that was asked for builds no image."""
    release = shelf.download("release.tar.gz") | {"sha256": "0" * 64}
    with pytest.raises(OpsError, match="did not match"):
        built(wordpress.image(release=release), base)


def test_what_a_blog_asks_for_is_baked(shelf: Shelf, base: str, database: Database) -> None:
    """An upstream release, a language, a plugin and a setting of PHP are in the image, and at work."""
    wanted = wordpress.image(
        language="de",
        plugins=({"name": "berth-test", **shelf.download("plugin.zip")},),
        release=shelf.download("release.tar.gz"),
        php={"max_input_vars": 3210},
    )
    image = built(wanted, base)
    with closing(Blog(image, database)) as blog:
        assert blog.run("provision")[0] == 0
        code, errors = blog.run("migrate", WORDPRESS_LANGUAGE="de")
        assert code == 0, errors
        web = blog.serve(WORDPRESS_LANGUAGE="de")
        assert "Hallo Welt!" in get(web, "/", Host=HOST).body.decode()
        assert 'lang="de' in get(web, "/wp-login.php", Host=HOST).body.decode()
        assert execute(web, "php -r 'echo ini_get(\"max_input_vars\");'") == "3210"
        assert execute(web, "dpkg-query --show wordpress 2>&1 || true").startswith("dpkg-query: no packages found")
        start = 'require_once ABSPATH . "wp-admin/includes/plugin.php"; '
        assert within(web, start + 'echo json_encode(activate_plugin("berth-test/berth-test.php"));') == "null"
        assert b'<meta name="berth-test">' in get(web, "/", Host=HOST).body
        assert "not baked into this image, got fr" in blog.run("migrate", WORDPRESS_LANGUAGE="fr")[1]
