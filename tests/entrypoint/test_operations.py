from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.seeding import WORTH, make_tree, measure
from tests.entrypoint.conftest import Bash
from tests.entrypoint.extensions.replicas import PLUGIN, Image, Replica, read_tree
from tests.slowfs.mount import SlowFolder, mounted

pytestmark = pytest.mark.slow

MOST_OPERATIONS = 40
"""What a second boot may ask of the shared files."""


@contextmanager
def _another_machine(files: Path, tmp_path: Path) -> Iterator[SlowFolder]:
    """Mount the volume anew, with nothing cached."""
    with mounted(files, tmp_path / "mount") as volume:
        volume.reset()
        yield volume


def _seed(image: Image, tmp_path: Path, home: str) -> int:
    """Start a container on a machine of its own; how many operations that took."""
    (tmp_path / "volume").mkdir(exist_ok=True)
    with _another_machine(tmp_path / "volume", tmp_path) as volume:
        Replica(image, volume.path, tmp_path / home).seed()
        return volume.counts()["total"]


def test_second_boot_with_uploads_is_cheap(bash: Bash, folders: dict[str, Path], tmp_path: Path) -> None:
    """The file system itself counts: nobody walks through the uploads, however many there are."""
    sources = ("lib/log.sh", "lib/env.sh", "lib/app.sh", "lib/files.sh")
    assert bash("files_prepare", *sources).returncode == 0
    for n in range(200):
        (folders["files"] / f"images/{n}.png").write_text("upload")
    with _another_machine(folders["files"], tmp_path) as volume:
        assert bash("files_prepare", *sources, BERTH_FILES=str(volume.path)).returncode == 0
        assert 0 < volume.counts()["total"] <= MOST_OPERATIONS


def test_second_boot_with_extensions_is_cheap(tmp_path: Path) -> None:
    """A container that starts again, and one with an empty cache that copies every file from its image."""
    image = Image.make(tmp_path / "image", {f"plugins/p{n % 5}/d{n % 9}/f{n}": str(n) for n in range(400)})
    assert _seed(image, tmp_path, "one") > 400
    assert 0 < _seed(image, tmp_path, "one") <= MOST_OPERATIONS
    assert 0 < _seed(image, tmp_path, "two") <= MOST_OPERATIONS
    assert read_tree(tmp_path / "two/cache/extensions/current") == read_tree(image.tree)


def test_an_upgrade_asks_only_for_what_changed(tmp_path: Path) -> None:
    """Of twenty plugins one is new: the others are not looked into."""
    tree = {f"plugins/p{n % 20}/f{n}": str(n) for n in range(400)}
    _seed(Image.make(tmp_path / "old", tree), tmp_path, "one")
    new = Image.make(tmp_path / "new", {**tree, "plugins/p21/p.php": PLUGIN.format("1")})
    assert _seed(new, tmp_path, "two") <= 5 * MOST_OPERATIONS


def test_seeding_is_much_faster_than_copying(tmp_path: Path) -> None:
    """A small version of the benchmark, with room for a busy machine."""
    make_tree(tmp_path / "tree", files=600)
    measured = measure(tmp_path / "tree", tmp_path, delay_us=3000)
    assert measured.same
    assert measured.ratio >= WORTH / 2
