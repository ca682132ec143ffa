import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slowfs.mount import SlowFolder, mounted

pytestmark = pytest.mark.slow


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[SlowFolder]:
    """Mount a folder with no delay."""
    (tmp_path / "folder").mkdir()
    with mounted(tmp_path / "folder", tmp_path / "mount") as folder:
        yield folder


def _asked(folder: SlowFolder) -> dict[str, int]:
    return {name: count for name, count in folder.counts().items() if count}


def test_it_shows_the_folder(slow: SlowFolder, tmp_path: Path) -> None:
    """What is written through it lies below, with mode and time; names, links and folders too."""
    (slow.path / "a").mkdir()
    (slow.path / "a/file").write_bytes(b"x" * 300_000)
    (slow.path / "a/file").chmod(0o751)
    os.utime(slow.path / "a/file", (1, 1))
    (slow.path / "a/file").rename(slow.path / "a/other")
    (slow.path / "link").symlink_to("a/other")
    below = tmp_path / "folder/a/other"
    assert below.read_bytes() == (slow.path / "link").read_bytes() == b"x" * 300_000
    assert (below.stat().st_mode & 0o777, below.stat().st_mtime) == (0o751, 1)
    assert sorted(path.name for path in slow.path.iterdir()) == ["a", "link"]


def test_it_counts_what_a_server_is_asked(slow: SlowFolder) -> None:
    """A new file costs its look-up, its creation, its contents, one commit and its time."""
    slow.path.stat()
    slow.reset()
    (slow.path / "file").write_text("x")
    os.utime(slow.path / "file", (1, 1))
    assert _asked(slow) == {"getattr": 1, "create": 1, "write": 1, "commit": 1, "setattr": 1, "total": 5}
    assert _asked(slow)["total"] == 5


def test_an_fsync_is_not_paid_twice(slow: SlowFolder) -> None:
    """What was committed before is not committed at close."""
    with (slow.path / "file").open("w") as file:
        file.write("x")
        file.flush()
        os.fsync(file.fileno())
    assert slow.counts()["commit"] == 1


def test_every_operation_takes_its_time(slow: SlowFolder) -> None:
    """The delay can be set while it is mounted."""
    slow.delay(50_000)
    began = time.monotonic()
    (slow.path / "folder").mkdir()
    took = time.monotonic() - began
    assert took >= 0.05 * (slow.counts()["total"] - 1)
    assert slow.counts()["mkdir"] == 1


def test_nothing_is_remembered_from_an_earlier_mount(slow: SlowFolder, tmp_path: Path) -> None:
    """Another mount of the folder asks for everything again, as another machine would."""
    (slow.path / "file").write_text("x")
    with mounted(tmp_path / "folder", tmp_path / "second") as second:
        assert (second.path / "file").read_text() == "x"
        assert second.counts()["read"] >= 1
