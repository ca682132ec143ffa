import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ops.place import PROJECT

ROLE = PROJECT / "packer/roles/composer"
LIBRARY = {"name": "a/lib", "version": "1.0.0"}
EXTENSION = {"name": "a/semantic-things-extension", "version": "2.0.0", "type": "mediawiki-extension"}


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """Write what Composer leaves behind."""
    _write(tmp_path / "a/lib/code.php", "code")
    _write(tmp_path / "composer/autoload_psr4.php", "map")
    _installed(tmp_path, LIBRARY, EXTENSION)
    return tmp_path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _installed(vendor: Path, *packages: dict[str, Any]) -> None:
    _write(vendor / "composer/installed.json", json.dumps({"packages": packages}))


def _look(vendor: Path) -> dict[str, Any]:
    done = subprocess.run(["php", ROLE / "files/look.php", vendor], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_packages_are_named(vendor: Path) -> None:
    """A package has its kind, and an extension the folder that MediaWiki knows it by."""
    assert _look(vendor)["packages"] == [
        {"name": "a/lib", "kind": "library", "folder": "Lib", "label": "a/lib: 1.0.0"},
        {
            "name": "a/semantic-things-extension",
            "kind": "mediawiki-extension",
            "folder": "SemanticThings",
            "label": "a/semantic-things-extension: 2.0.0",
        },
    ]


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("a/lib/code.php", True),
        ("a/lib/autoload.php", True),
        ("composer/autoload_psr4.php", True),
        ("composer/autoload_files.php", True),
        ("composer/installed.php", False),
        ("composer/ClassLoader.php", False),
        ("autoload.php", False),
    ],
)
def test_the_checksum_is_of_what_packages_hold(vendor: Path, path: str, counts: bool) -> None:
    """Code and what of it is loaded count; what Composer writes of itself, of times and addresses, does not."""
    before = _look(vendor)["sha256"]
    _write(vendor / path, "other")
    _installed(vendor, LIBRARY | {"time": "2026-01-01"}, EXTENSION)
    assert (_look(vendor)["sha256"] != before) is counts


def _lock(folder: Path, found: dict[str, Any], **given: Any) -> str:
    variables = {"composer_found": found, "composer_kinds": {"mediawiki-extension": "/x"}} | given
    play = {"hosts": "localhost", "gather_facts": False, "vars": variables}
    tasks = [{"ansible.builtin.import_tasks": str(ROLE / "tasks/lock.yml")}]
    _write(folder / "play.yml", json.dumps([play | {"tasks": tasks}]))
    command = (Path(sys.executable).with_name("ansible-playbook"), "--inventory", "localhost,", "--connection", "local")
    return subprocess.run([*command, folder / "play.yml"], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("packages", "sha256", "message"),
    [
        ({"a/lib": "1.0.0"}, None, "others are needed too, list them: a/semantic-things-extension: 2.0.0"),
        (None, "0" * 64, "the packages hold something else, got {found} where 0000"),
        (None, None, None),
    ],
    ids=["not_listed", "other_content", "as_locked"],
)
def test_what_is_not_locked_is_refused(
    vendor: Path,
    tmp_path_factory: pytest.TempPathFactory,
    packages: dict | None,
    sha256: str | None,
    message: str | None,
) -> None:
    """A package that nobody listed and another content are one clear error each, which says what to write."""
    found = _look(vendor)
    said = _lock(
        tmp_path_factory.mktemp("play"),
        found,
        composer_packages=packages or {"a/lib": "1.0.0", "a/semantic-things-extension": "2.0.0"},
        composer_sha256=sha256 or found["sha256"],
    )
    assert ("failed=1" in said) is bool(message)
    assert (message or "failed=0").format(found=found["sha256"]) in said


def test_a_kind_that_nothing_looks_for_is_refused(vendor: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A plugin of WordPress among the packages of a wiki would lie where nobody finds it."""
    _installed(vendor, LIBRARY | {"type": "wordpress-plugin"})
    found = _look(vendor)
    listed = {"composer_packages": {"a/lib": "1.0.0"}, "composer_sha256": found["sha256"]}
    said = _lock(tmp_path_factory.mktemp("play"), found, **listed)
    assert "nothing here installs a package of this kind: a/lib: 1.0.0" in said
