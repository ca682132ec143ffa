import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from modules.apps import mediawiki
from ops import version
from ops.content import content_hash
from ops.errors import OpsError


def _git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a project that has one image file and one other."""
    (tmp_path / "packer").mkdir()
    (tmp_path / "packer/berth.pkr.hcl").write_text("one")
    (tmp_path / "README.md").write_text("text")
    return tmp_path


@pytest.fixture
def committed(tree: Path) -> Path:
    """Give the same, committed."""
    _git(tree, "init", "--quiet")
    _git(tree, "add", ".")
    _git(tree, "commit", "--quiet", "-m", "first")
    return tree


def test_a_clean_tree_has_the_short_commit(committed: Path) -> None:
    """The version of committed files is their commit."""
    assert version.current(committed) == _git(committed, "rev-parse", "--short", "HEAD")


def test_a_changed_image_file_adds_the_content(committed: Path) -> None:
    """The same commit with other image files is another version."""
    clean = version.current(committed)
    (committed / "packer/berth.pkr.hcl").write_text("two")
    assert version.current(committed) == f"{clean}-{content_hash(committed, version.INPUTS)}"


def test_a_new_image_file_adds_the_content(committed: Path) -> None:
    """A file that git does not know yet counts as a change."""
    (committed / "entrypoint").mkdir()
    (committed / "entrypoint/entrypoint").write_text("new")
    assert version.current(committed).endswith(f"-{content_hash(committed, version.INPUTS)}")


def test_a_change_elsewhere_is_no_new_version(committed: Path) -> None:
    """Only what goes into an image makes a version."""
    clean = version.current(committed)
    (committed / "README.md").write_text("other")
    assert version.current(committed) == clean


def test_without_git_the_content_is_the_version(tree: Path) -> None:
    """An unpacked archive has a version too."""
    assert version.current(tree) == content_hash(tree, version.INPUTS)


def test_without_a_commit_the_content_is_the_version(tree: Path) -> None:
    """A repository that has no commit yet has a version too."""
    _git(tree, "init", "--quiet")
    assert version.current(tree) == content_hash(tree, version.INPUTS)


@pytest.mark.parametrize("change", ["bytes", "name", "mode"])
def test_the_content_hash_sees_every_change(tree: Path, change: str) -> None:
    """Bytes, names and modes all decide."""
    before, file = content_hash(tree, version.INPUTS), tree / "packer/berth.pkr.hcl"
    {
        "bytes": lambda: file.write_text("two"),
        "name": lambda: file.rename(tree / "packer/other"),
        "mode": lambda: file.chmod(0o755),
    }[change]()
    assert content_hash(tree, version.INPUTS) != before


def test_what_builds_write_is_no_content(tree: Path) -> None:
    """A build does not change the version of what it builds."""
    before = content_hash(tree, version.INPUTS)
    (tree / "packer/collected").mkdir()
    (tree / "packer/collected/role").write_text("copied")
    assert content_hash(tree, version.INPUTS) == before


@pytest.mark.parametrize("text", ["", "-x", "a b", "a/b", "ü", "v" * 101])
def test_what_cannot_be_a_tag_is_refused(text: str) -> None:
    """The message names the value got and what is allowed."""
    with pytest.raises(OpsError, match=r"VERSION: cannot be an image tag, got .*letters"):
        version.checked(text)


def test_the_tag_carries_what_is_baked_in() -> None:
    """Sites with different extensions have different images of one version; order and repetition do not matter."""
    one, other = (mediawiki.image(extensions=names) for names in (("Cite",), ("Cite", "Gadgets")))
    assert version.tag("1.0", one) != version.tag("1.0", other)
    assert version.tag("1.0", other) == version.tag("1.0", mediawiki.image(extensions=("Gadgets", "Cite", "Gadgets")))
    assert version.of_tag(version.tag("1.0-rc1", other)) == "1.0-rc1"


def test_the_tag_tells_processors_apart() -> None:
    """Environments for either processor share one registry."""
    image = mediawiki.image()
    assert version.tag("1.0", image) != version.tag("1.0", replace(image, architecture="arm64"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://git.example.org/berth.git", "https://git.example.org/berth.git"),
        ("https://name:canary@git.example.org/berth.git", None),
        ("/srv/git/berth", None),
        (None, None),
    ],
)
def test_the_source_is_a_public_address(tree: Path, address: str | None, expected: str | None) -> None:
    """The label names the repository only where anybody may read the address: no login, no folder of a machine."""
    _git(tree, "init", "--quiet")
    if address:
        _git(tree, "remote", "add", "origin", address)
    assert version.source(tree) == expected
