import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.journal import Journal, Process
from ops.place import Place
from tests.conftest import make_config


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Give the journal of a stack that never ran."""
    return Journal(Place("test", tmp_path, tmp_path, make_config()), "base")


def _child() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_nothing_is_unfinished_at_first(journal: Journal) -> None:
    """A stack that never ran has no former run."""
    assert journal.unfinished() is None


def test_a_run_that_ended_leaves_nothing(journal: Journal) -> None:
    """The entry goes when the run ended by itself."""
    journal.begin("apply")
    journal.end()
    assert journal.unfinished() is None


def test_a_run_that_was_cut_off_is_known(journal: Journal) -> None:
    """Operation, process and lock of a run that never ended are there afterwards."""
    journal.begin("apply")
    journal.started(os.getpid())
    journal.locked("1b")
    entry = journal.unfinished()
    assert entry is not None
    assert (entry.operation, entry.lock_id) == ("apply", "1b")
    assert entry.process == Process.of(os.getpid())


def test_torn_entry_counts_as_none(journal: Journal, tmp_path: Path) -> None:
    """A file that a full disk cut off does not stop the next run."""
    (tmp_path / "test" / "journal").mkdir(parents=True)
    (tmp_path / "test" / "journal" / "base.json").write_text('{"operation": "ap')
    assert journal.unfinished() is None


def test_process_is_told_from_a_later_one_of_the_same_number() -> None:
    """A process number alone proves nothing: start time and boot count."""
    own = Process.of(os.getpid())
    assert own.alive()
    assert not Process(own.pid, "1", own.boot).alive()
    assert not Process(own.pid, own.started, "another boot").alive()


def test_zombie_is_not_alive() -> None:
    """A process that ended and was not fetched by its parent holds nothing any more."""
    child = _child()
    process = Process.of(child.pid)
    child.kill()
    deadline = time.monotonic() + 10
    while process.alive():
        assert time.monotonic() < deadline
    child.wait()


def test_settle_kills_what_does_not_end(journal: Journal) -> None:
    """A former run's process gets its time, then it is killed."""
    child = _child()
    journal.begin("apply")
    journal.started(child.pid)
    entry = journal.settle(seconds=0.2)
    assert entry is not None
    assert child.wait(timeout=10) == -9
