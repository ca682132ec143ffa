import subprocess
import sys
from pathlib import Path

import pytest

from ops.alone import alone
from ops.errors import OpsError
from ops.place import Place
from tests.conftest import make_config


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a place of its own."""
    return Place("test", tmp_path, tmp_path, make_config())


def test_second_run_is_refused_with_the_first_ones_doings(place: Place) -> None:
    """Who comes second is told what the first does, in which process and since when."""
    refused = r"base: locked by another run of this copy of Berth: apply, process \d+, since \d{4}-.* UTC; wait until"
    with alone(place, "base", "apply"), pytest.raises(OpsError, match=refused), alone(place, "base", "destroy"):
        pytest.fail("both ran")


def test_other_stacks_are_free(place: Place) -> None:
    """Stacks do not stand in each other's way, and a stack is free again when its run is done."""
    with alone(place, "base", "apply"), alone(place, "cluster", "apply"):
        pass
    with alone(place, "base", "apply"):
        pass


def test_a_killed_run_holds_nothing(place: Place, tmp_path: Path) -> None:
    """The lock goes with its process, also when it had no chance to let go."""
    (tmp_path / "test" / "locks").mkdir(parents=True)
    code = (
        "import fcntl, os, signal, sys\n"
        "file = open(sys.argv[1], 'a+')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "test" / "locks" / "base")], check=False)
    with alone(place, "base", "apply"):
        pass
