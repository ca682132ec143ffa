from tests.entrypoint.extensions.conftest import MakeReplica
from tests.entrypoint.extensions.replicas import PLUGIN, read_tree, write_tree

TREE = {"plugins/p/p.php": PLUGIN.format("1")}


def test_what_a_killed_upgrade_left_is_swept(replica: MakeReplica) -> None:
    """Also when all was published and nothing but the last note was missing."""
    one = replica(TREE)
    one.seed()
    write_tree(one.shared, {".berth-new.0123/plugins/p/half": "half"})
    line = (one.shared / ".berth").read_text()
    (one.shared / ".berth").write_text(line.replace('"settled":true', '"settled":false').replace(" \n", "\n"))
    one.seed()
    assert not list(one.shared.glob(".berth-new.*"))
    assert read_tree(one.current) == TREE


def test_an_unfinished_upgrade_is_not_copied(replica: MakeReplica) -> None:
    """A running replica keeps what it has until a container that starts has finished the work."""
    one = replica(TREE)
    one.seed()
    line = (one.shared / ".berth").read_text()
    (one.shared / ".berth").write_text(line.replace('"settled":true', '"settled":false').replace(" \n", "\n"))
    for command in ("materialise", "bump"):
        done = one.run("extensions", command)
        assert (done.returncode, "an upgrade was cut off" in done.stderr) == (1, True)
    assert one.status().endswith(", upgrade cut off")


def test_an_empty_volume_is_not_copied(replica: MakeReplica) -> None:
    """Nobody runs without plugins because the start that places them is late."""
    one = replica(TREE)
    done = one.run("extensions", "materialise")
    assert (done.returncode, f"nothing is in {one.shared} yet" in done.stderr) == (1, True)
    assert not one.cache.exists()
