import json
import shutil
import subprocess
from pathlib import Path

import pytest

from modules.apps import mediawiki, wordpress
from modules.contract import Image
from ops.chain import chain
from ops.place import PROJECT

BASE = "berth/base:1"
APPS = pytest.mark.parametrize("image", [mediawiki.image(), wordpress.image()], ids=lambda image: image.app)


def test_a_refresh_makes_the_base_anew(tmp_path: Path) -> None:
    """What `make refresh` writes is one of the base image's inputs, so everything is built again on top of it."""
    shutil.copy(PROJECT / "Makefile", tmp_path)
    shutil.copytree(PROJECT / "packer/base", tmp_path / "packer/base")

    def base() -> str:
        return subprocess.run([tmp_path / "packer/base/hash"], check=True, capture_output=True, text=True).stdout

    before = base()
    subprocess.run(["make", "refresh"], cwd=tmp_path, check=True)
    assert base() != before


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy what images are made of."""
    for folder in ("packer", "entrypoint"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("collected"))
    return tmp_path


def _hashes(root: Path, image: Image | None = None, base: str = BASE) -> list[str]:
    return [link.hash for link in chain(root, image or mediawiki.image(), base)]


def _first_new(before: list[str], after: list[str]) -> int:
    """Return the first link that is another; all after it are others too."""
    same = [a == b for a, b in zip(before, after, strict=True)]
    assert same == sorted(same, reverse=True)
    return same.index(False) if False in same else len(same)


@APPS
def test_what_a_link_is_made_of_exists(image: Image) -> None:
    """Every file that a link's hash is taken of is in the project, and so is its playbook."""
    for link in chain(PROJECT, image, BASE):
        named = (f"packer/playbooks/{link.playbook}.yml", *link.files)
        assert [name for name in named if not (PROJECT / name).exists()] == []


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("packer/berth.pkr.hcl", 0),
        ("packer/roles/php/templates/berth.ini.j2", 0),
        ("packer/roles/mediawiki/tasks/main.yml", 1),
        ("packer/roles/mediawiki_site/tasks/main.yml", 2),
        ("packer/roles/site/tasks/php.yml", 2),
        ("packer/roles/composer/tasks/install.yml", 2),
        ("entrypoint/jobs/serve", 2),
        ("entrypoint/apps/mediawiki/app.sh", 2),
        ("entrypoint/apps/wordpress/app.sh", 3),
        ("packer/README.md", 3),
    ],
)
def test_a_changed_file_makes_its_link_and_all_after_it_anew(tree: Path, path: str, first: int) -> None:
    """Each file belongs to one link; what comes before that link is kept."""
    before = _hashes(tree)
    file = tree / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(file.read_text() + "\n# more\n" if file.exists() else "more")
    assert _first_new(before, _hashes(tree)) == first


@pytest.mark.parametrize(
    ("image", "first"),
    [
        (mediawiki.image(extensions=("Cite", "Gadgets")), 2),
        (mediawiki.image(php={"memory_limit": "512M"}), 2),
        (mediawiki.image(features=("svg",)), 2),
        (mediawiki.image(composer={"packages": {"a/b": "1.0"}, "sha256": "0"}), 2),
        (mediawiki.image(downloads=[{"folder": "skins/Own", "url": "https://a.example/own", "sha256": "0"}]), 2),
        (mediawiki.image(release={"url": "https://a.example/mediawiki", "sha256": "0"}), 1),
        (mediawiki.image(language="de"), 1),
        (wordpress.image(), 1),
    ],
)
def test_a_changed_setting_makes_its_link_and_all_after_it_anew(tree: Path, image: Image, first: int) -> None:
    """An extension rebuilds the last link only, a language the application's, and no setting what all share."""
    assert _first_new(_hashes(tree), _hashes(tree, image)) == first


def test_another_base_makes_everything_anew(tree: Path) -> None:
    """The base image's hash runs through the whole chain."""
    assert _first_new(_hashes(tree), _hashes(tree, base="berth/base:2")) == 0


@APPS
def test_the_chain_is_linked(image: Image) -> None:
    """Each link starts from the one before, and only the last one is run by anybody."""
    links = chain(PROJECT, image, BASE)
    assert [link.parent for link in links] == [BASE, *(link.reference for link in links[:-1])]
    assert [link.runs for link in links] == [False, False, True]


def test_the_packer_command() -> None:
    """The whole command: the template alone, every variable, no secret."""
    image = Image(app="mediawiki", site={"extensions": ["Cite"]})
    link = chain(Path("/project"), image, BASE)[-1]
    assert link.command(Path("/work"), "cache") == [
        "packer", "build", "-color=false",
        "-var", "apt_cache=cache",
        "-var", f"base_image={link.parent}",
        "-var", "playbook=mediawiki-site",
        "-var", "repository=berth/link/mediawiki-site",
        "-var", "runs=true",
        "-var", f"settings={json.dumps({'extensions': ['Cite']})}",
        "-var", f"tag={link.hash}",
        "-var", "work_dir=/work",
        "/project/packer/berth.pkr.hcl",
    ]  # fmt: skip
