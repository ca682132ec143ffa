from collections.abc import Iterator
from contextlib import closing

import pytest

from modules.apps import wordpress
from ops.errors import OpsError
from tests.image.blog import HOST, Blog, within
from tests.image.building import built
from tests.image.containers import execute
from tests.image.packages import LIBRARIES, composer
from tests.image.shelf import Shelf, repack, shelf
from tests.image.site import Database, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]

CONTENT = ("db.php", "mu-plugins", "upgrade", "upgrade-temp-backup", "uploads")
BERTHS = ("wp-config.php", *(f"wp-content/{name}" for name in CONTENT))
"""What is the image's own in the tree."""

PLUGIN = """<?php
/* Plugin Name: Berth test */
add_action('wp_head', fn () => print('<meta name="berth-test" content="' . Berth\\Test\\Greeting::say() . '">'));
"""
CONTENT_OF_PACKAGES = "957d2dfe8b4bc284eeffd1a783c4fe4d9574ac48dfc4e876d9cfc19ac0dcce92"
"""Checksum of what the two packages hold."""


@pytest.fixture(scope="module")
def served(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Serve a release made of the package's files, and a plugin."""
    with shelf(tmp_path_factory.mktemp("shelf")) as made:
        repack(image, "/usr/share/wordpress", "wordpress", made.folder / "release.tar.gz", *BERTHS)
        made.pack("plugin.zip", {"berth-test-1.0/berth-test.php": PLUGIN})
        yield made


def test_another_checksum_is_refused(served: Shelf, base: str) -> None:
    """A release whose checksum is not the one that was asked for builds no image."""
    release = served.download("release.tar.gz") | {"sha256": "0" * 64}
    with pytest.raises(OpsError, match="did not match"):
        built(wordpress.image(release=release), base)


def test_what_a_blog_asks_for_is_baked(served: Shelf, base: str, database: Database) -> None:
    """An upstream release, a language, a plugin, its Composer packages and a setting of PHP are at work."""
    wanted = wordpress.image(
        language="de",
        plugins=({"name": "berth-test", **served.download("plugin.zip")},),
        release=served.download("release.tar.gz"),
        php={"max_input_vars": 3210},
        composer=composer(served, LIBRARIES, CONTENT_OF_PACKAGES),
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
        assert b'<meta name="berth-test" content="Hello from a package">' in get(web, "/", Host=HOST).body
        assert execute(web, "command -v composer unzip || echo none") == "none\n"
        assert "not baked into this image, got fr" in blog.run("migrate", WORDPRESS_LANGUAGE="fr")[1]
