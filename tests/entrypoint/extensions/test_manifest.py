from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.entrypoint.extensions.replicas import PLUGIN, THEME, Image, Replica, Tree, messages

MakeImage = Callable[[Tree], Image]


def test_each_file_has_its_hash_and_mode(make_image: MakeImage) -> None:
    """A file is known by its SHA-256 and its permissions, under its path in the extension."""
    image = make_image({"plugins/p/p.php": PLUGIN.format("1.0"), "plugins/p/bin/run": "run"})
    (image.tree / "plugins/p/bin/run").chmod(0o755)
    image.describe()
    files = image.manifest["extensions"]["plugins/p"]["files"]
    assert files["bin/run"] == [sha256(b"run").hexdigest(), "755"]
    assert files["p.php"][1] == "644"


@pytest.mark.parametrize(
    ("tree", "name", "version", "main"),
    [
        ({"plugins/p/main.php": PLUGIN.format("1.2.3")}, "plugins/p", "1.2.3", "main.php"),
        ({"plugins/p/a.php": "<?php", "plugins/p/b.php": PLUGIN.format("2")}, "plugins/p", "2", "b.php"),
        ({"plugins/p/p.php": PLUGIN.format("2"), "plugins/p/style.css": "Version: 9"}, "plugins/p", "2", "p.php"),
        ({"plugins/p.php": "<?php /* Plugin Name: P\n Version: 4 */"}, "plugins/p.php", "4", ""),
        ({"plugins/index.php": "<?php"}, "plugins/index.php", "", ""),
        ({"themes/t/style.css": THEME.format("6.1")}, "themes/t", "6.1", "style.css"),
        ({"plugins/p/readme.txt": "Version: 3"}, "plugins/p", "", None),
    ],
    ids=["plugin", "second file", "plugin with styles", "one file", "no header", "theme", "no main file"],
)
def test_the_version_is_where_wordpress_finds_it(
    make_image: MakeImage, tree: Tree, name: str, version: str, main: str | None
) -> None:
    """A plugin's version stands in the file with its name, a theme's in style.css."""
    extension = make_image(tree).manifest["extensions"][name]
    assert (extension["version"], extension["main"]) == (version, main)


def test_the_same_tree_has_the_same_id(make_image: MakeImage) -> None:
    """The id depends on the content alone, and changes with it."""
    one, same, other = (make_image({"plugins/p/p.php": PLUGIN.format(version)}) for version in ("1", "1", "2"))
    assert one.manifest["id"] == same.manifest["id"] != other.manifest["id"]


def test_links_are_followed(make_image: MakeImage) -> None:
    """Debian's packages link to shared folders; the volume gets what the links point at."""
    image = make_image({"themes/t/style.css": THEME.format("1")})
    (image.folder / "fonts").mkdir()
    (image.folder / "fonts/a.woff").write_text("font")
    (image.tree / "themes/t/fonts").symlink_to(image.folder / "fonts")
    image.describe()
    assert "fonts/a.woff" in image.manifest["extensions"]["themes/t"]["files"]


def test_a_damaged_manifest_is_one_clear_error(make_image: MakeImage, tmp_path: Path) -> None:
    """An image whose build was cut off says so, without a stack trace."""
    image = make_image({"plugins/p/p.php": PLUGIN.format("1")})
    (image.folder / "extensions.json").write_text('{"id": ')
    done = Replica(image, tmp_path / "files", tmp_path / "home").run("seed-extensions")
    assert done.returncode == 1
    problem = f"{image.folder}/extensions.json is damaged; build the image again"
    assert messages(done.stderr) == [f"error: extensions: {problem}"]
