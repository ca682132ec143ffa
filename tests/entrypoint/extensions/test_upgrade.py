from collections.abc import Callable
from pathlib import Path

import pytest

from tests.entrypoint.extensions.conftest import MakeReplica
from tests.entrypoint.extensions.replicas import PLUGIN, Image, Replica, Tree, messages, read_tree

# file: (the old image has, a person then left, the new image has, what is there at last); None is no file
CASES: dict[str, tuple[str | None, str | None, str | None, str | None]] = {
    "unchanged/in-both": ("old", "old", "old", "old"),
    "unchanged/replaced": ("old", "old", "new", "new"),
    "unchanged/dropped": ("old", "old", None, None),
    "unchanged/only/file/of/a/folder": ("old", "old", None, None),
    "changed/image-same": ("old", "person", "old", "person"),
    "changed/image-new": ("old", "person", "new", "person"),
    "changed/image-dropped": ("old", "person", None, "person"),
    "changed/to-the-new": ("old", "new", "new", "new"),
    "deleted/image-same": ("old", None, "old", None),
    "deleted/image-new": ("old", None, "new", None),
    "deleted/image-dropped": ("old", None, None, None),
    "added/image-has-none": (None, "person", None, "person"),
    "added/image-brings-another": (None, "person", "new", "person"),
    "added/image-brings-the-same": (None, "new", "new", "new"),
    "new/file": (None, None, "new", "new"),
    "new/deep/down/file": (None, None, "new", "new"),
    "shape/file": ("old", "old", None, None),
    "shape/file/now-a-folder": (None, None, "new", "new"),
    "shape/folder/file": ("old", "old", None, None),
    "shape/folder": (None, None, "new", "new"),
    "blocked/file": ("old", "person", None, "person"),
    "blocked/file/now-a-folder": (None, None, "new", None),
    "blocked/folder/of-a-person": (None, "person", None, "person"),
    "blocked/folder": (None, None, "new", None),
}


def _image(column: int, version: str) -> Tree:
    files = {f"plugins/p/{path}": case[column] for path, case in CASES.items() if case[column] is not None}
    return {"plugins/p/p.php": PLUGIN.format(version), **files}


def _person(shared: Path) -> None:
    for path, (before, left, _, _) in CASES.items():
        file = shared / "plugins/p" / path
        if left is None and before is not None:
            file.unlink()
        elif left != before:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(left)


@pytest.fixture(scope="module")
def upgraded(make_image: Callable[[Tree], Image], tmp_path_factory: pytest.TempPathFactory) -> tuple[Replica, str]:
    """Seed from one image, let a person work, upgrade to another: the volume, and what was reported."""
    folder = tmp_path_factory.mktemp("volume")
    old, new = (
        Replica(make_image(_image(column, version)), folder / "files", folder / "home")
        for column, version in ((0, "1.0"), (2, "1.1"))
    )
    old.seed()
    _person(old.shared)
    return new, new.seed()


@pytest.mark.parametrize("path", CASES)
def test_rule(upgraded: tuple[Replica, str], path: str) -> None:
    """Berth replaces and removes what it placed and nobody changed; what a person did stays."""
    file = upgraded[0].shared / "plugins/p" / path
    assert (file.read_text() if file.is_file() else None) == CASES[path][3]


def test_nothing_else_is_there(upgraded: tuple[Replica, str]) -> None:
    """No temporary file and no empty folder is left."""
    replica = upgraded[0]
    wanted = {f"plugins/p/{path}": case[3] for path, case in CASES.items() if case[3] is not None}
    assert read_tree(replica.shared) == {"plugins/p/p.php": PLUGIN.format("1.1"), **wanted}
    assert not (replica.shared / "plugins/p/unchanged/only").exists()
    assert [path.name for path in replica.shared.glob(".berth-new.*")] == []


def test_every_replica_runs_what_is_there(upgraded: tuple[Replica, str]) -> None:
    """The container's own copy is the volume's tree, a person's files with it."""
    assert read_tree(upgraded[0].current) == read_tree(upgraded[0].shared)


def test_it_reports_what_it_did(upgraded: tuple[Replica, str]) -> None:
    """One line an extension and a summary."""
    written = 1 + sum(case[2] == "new" == case[3] and case[1] != "new" for case in CASES.values())
    line, summary = messages(upgraded[1])
    assert line.startswith(f"plugins/p: upgraded from 1.0 to 1.1: {written} files written, 4 removed, ")
    assert summary.startswith("extensions: generation 2; 0 placed, 1 upgraded, 0 removed, 0 left alone; ")


def test_kept_files_stay_kept_at_the_next_upgrade(upgraded: tuple[Replica, str], tmp_path: Path) -> None:
    """A person's change outlives any number of upgrades, and what they restore is Berth's again."""
    before, _ = upgraded
    tree = {**_image(2, "1.2"), "plugins/p/changed/image-same": "newest", "plugins/p/deleted/image-same": "newest"}
    (before.shared / "plugins/p/deleted/image-same").write_text("old")
    Replica(Image.make(tmp_path / "image", tree), before.files, tmp_path / "home").seed()
    found = read_tree(before.shared)
    assert found["plugins/p/changed/image-same"] == "person"
    assert found["plugins/p/deleted/image-same"] == "newest"
    assert "plugins/p/deleted/image-new" not in found


def test_modes_and_times_are_kept(replica: MakeReplica) -> None:
    """Files are on the volume and in the copy with the image's permissions and times."""
    one = replica({"plugins/p/p.php": PLUGIN.format("1"), "plugins/p/run": "run"})
    (one.image.tree / "plugins/p/run").chmod(0o755)
    one.image.describe()
    one.seed()
    for path in ("plugins/p/p.php", "plugins/p/run"):
        found = [(root / path).stat() for root in (one.image.tree, one.shared, one.current)]
        assert len({(about.st_mode, int(about.st_mtime)) for about in found}) == 1


def test_a_second_start_says_and_does_nothing(replica: MakeReplica) -> None:
    """What is as this image wants it is not even looked at."""
    one = replica({"plugins/p/p.php": PLUGIN.format("1")})
    one.seed()
    (one.shared / "plugins/p/p.php").unlink()
    assert one.seed() == ""
    assert not (one.shared / "plugins/p/p.php").exists()
