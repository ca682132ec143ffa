import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.entrypoint.extensions.conftest import MakeReplica
from tests.entrypoint.extensions.replicas import PLUGIN, Replica, Tree, read_tree, write_tree

pytestmark = pytest.mark.slow

PERSON = {"plugins/p0/by-hand": "person", "plugins/p1/d0/f0": "person"}


def _tree(version: str) -> Tree:
    files = {f"plugins/p{plugin}/d{n % 5}/f{n}": version * 50 for plugin in range(6) for n in range(30)}
    own = {f"plugins/p0/only-in-{version}/f{n}": version for n in range(5)}
    return {**files, **own, **{f"plugins/p{plugin}/p.php": PLUGIN.format(version) for plugin in range(6)}}


def _kill(replica: Replica, seconds: float, *, whole: bool) -> bool:
    """Start, kill after some time (the container, or the first process alone); whether it was still at work."""
    process = replica.start("seed-extensions")
    time.sleep(seconds)
    working = process.poll() is None
    if working:
        (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)
    process.communicate()
    return working


def _assert_whole(replica: Replica, tree: Tree) -> None:
    assert read_tree(replica.shared) == tree
    assert read_tree(replica.current) == tree
    assert [path.name for path in replica.shared.glob(".berth-new.*")] == []


def test_ten_at_once_make_one_tree(replica: MakeReplica) -> None:
    """Of ten that start on an empty volume one places the tree, and all run the same."""
    image = replica(_tree("1")).image
    ten = [replica(image, f"home-{n}") for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        reports = list(pool.map(Replica.seed, ten))
    assert sum("placed" in report for report in reports) == 1
    for one in ten:
        _assert_whole(one, _tree("1"))
    assert ten[0].status().startswith("generation 1,")


@pytest.mark.parametrize(
    "kills", [5, pytest.param(50, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])], ids=["few", "many"]
)
def test_kills_at_random_moments_are_repaired(replica: MakeReplica, tmp_path: Path, kills: int) -> None:
    """First starts and upgrades, killed anywhere: nobody takes half a tree for whole, and the next start mends it."""
    images = {version: replica(_tree(version)).image for version in ("1", "2", "3")}
    began = time.monotonic()
    replica(images["1"]).seed()
    usual = time.monotonic() - began
    at_work = 0
    for n in range(kills):
        first, second, new = (
            Replica(images[version], tmp_path / f"files-{n}", tmp_path / f"home-{n}-{version}") for version in "123"
        )
        if n % 2:
            first.seed()
            write_tree(first.shared, PERSON)
            at_work += _kill(second, random.uniform(0, usual), whole=n % 4 == 1)  # noqa: S311
            assert read_tree(first.current) == _tree("1")
            kept, repairs = PERSON, [(second, "2"), (new, "3")]
        else:
            at_work += _kill(first, random.uniform(0, usual), whole=n % 4 == 0)  # noqa: S311
            kept, repairs = {}, [(first, "1"), (second, "2")]
        killed, version = repairs[0]
        assert not killed.current.exists() or read_tree(killed.current) == {**_tree(version), **kept}
        for repairing, version in repairs:
            repairing.seed()
            _assert_whole(repairing, {**_tree(version), **kept})
    assert at_work > kills / 5


def test_the_old_image_can_take_an_upgrade_back(replica: MakeReplica) -> None:
    """An upgrade that was cut off, and then given up, leaves no file of the new image."""
    old, new = replica(_tree("1"), "old"), replica(_tree("2"), "new")
    old.seed()
    write_tree(old.shared, PERSON)
    process = new.start("seed-extensions")
    while not any((old.shared / path).exists() for path in ("plugins/p0/only-in-2/f0", "plugins/p0/only-in-2/f1")):
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    old.seed()
    _assert_whole(old, {**_tree("1"), **PERSON})


def test_a_killed_copy_is_made_anew(replica: MakeReplica) -> None:
    """A container that comes back with its cache takes no half generation for whole."""
    one = replica(_tree("1"))
    assert one.run("extensions", "upgrade").returncode == 0
    process = one.start("seed-extensions")
    while not any(one.cache.rglob("f0")):
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not one.current.exists()
    one.seed()
    _assert_whole(one, _tree("1"))
