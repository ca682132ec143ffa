import os
import pwd
import socket
from datetime import UTC, datetime

import pytest

from ops import lock
from ops.journal import Entry, Process
from ops.lock import Lock

ME = f"{pwd.getpwuid(os.geteuid()).pw_name}@{socket.gethostname()}"
CREATED = datetime(2026, 11, 21, 14, 20, 30, tzinfo=UTC)
GONE = Process(2**22 + 1, "1", "boot")
MESSAGE = """Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        cd991bb0-d504-3bbd-87c6-74e4dcefd7d1
  Path:      state/local/base.tfstate
  Operation: OperationTypeApply
  Who:       root@vm
  Version:   1.11.4
  Created:   2026-11-21 14:20:30.47739688 +0000 UTC
  Info:


Terraform acquires a state lock to protect the state from being written
"""


def _lock(**changes: object) -> Lock:
    return Lock(**{"id": "1b", "operation": "OperationTypeApply", "who": ME, "created": CREATED} | changes)


def _entry(**changes: object) -> Entry:
    known = {"operation": "apply", "host": socket.gethostname(), "began": "2026-11-21T14:20:29+00:00", "process": GONE}
    return Entry(**known | changes)


def test_lock_is_read_from_the_message() -> None:
    """What terraform prints is enough to say who has the lock."""
    assert lock.from_message(MESSAGE) == _lock(id="cd991bb0-d504-3bbd-87c6-74e4dcefd7d1", who="root@vm")


def test_other_messages_hold_no_lock() -> None:
    """An error without lock information is told as it is."""
    assert lock.from_message("Error message: no such bucket") is None


def test_refusal_names_holder_and_time() -> None:
    """One sentence: who, since when, doing what, and what to do."""
    assert _lock(who="ann@desk").refusal("base") == (
        "base: the state is locked by ann@desk since 2026-11-21 14:20:30 UTC (apply); wait until that run is done, or, "
        "if it is gone for good, run `terraform force-unlock 1b` in cdktf.out/stacks/base"
    )


@pytest.mark.parametrize(
    ("held", "former", "dead"),
    [
        (_lock(), _entry(), True),
        (_lock(), _entry(lock_id="1b"), True),
        (_lock(), _entry(lock_id="2c"), False),
        (_lock(), None, False),
        (_lock(who="ann@desk"), _entry(), False),
        (_lock(), _entry(host="desk"), False),
        (_lock(), _entry(process=Process.of(os.getpid())), False),
        (_lock(), _entry(began="2026-11-21T14:20:31+00:00"), False),
        (_lock(), _entry(began="2026-11-21T13:20:30+00:00"), False),
    ],
    ids=[
        "ours, process gone, taken right after the start",
        "ours by its id",
        "another id than ours",
        "no run of ours was cut off",
        "somebody else's",
        "cut off on another machine",
        "process alive",
        "taken before our run began",
        "taken long after our run began",
    ],
)
def test_only_a_dead_lock_of_ours_is_broken(held: Lock, former: Entry | None, dead: bool) -> None:
    """A lock is broken only when it is this machine's and its process is gone."""
    assert lock.dead(held, former) is dead
