"""Terraform's lock on a stack's state: who holds it, and when it may be broken.

A lock is broken only when it was taken on this machine by a run of this copy of the project whose process is gone.
Terraform's lock names user and machine but no process, so the journal supplies the process and the lock's id.
"""

import os
import pwd
import re
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ops import state
from ops.errors import OpsError
from ops.journal import Entry
from ops.place import Place

TAKEN_WITHIN = timedelta(seconds=30)
FIELD = re.compile(r"^\s*(ID|Operation|Who|Created):\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Lock:
    """The lock as terraform wrote it."""

    id: str
    operation: str
    who: str
    created: datetime

    def refusal(self, stack: str) -> str:
        """The one sentence for a second run."""
        doing = self.operation.removeprefix("OperationType").lower()
        return (
            f"{stack}: the state is locked by {self.who} since {self.created:%Y-%m-%d %H:%M:%S} UTC ({doing}); "
            f"wait until that run is done, or, if it is gone for good, run `terraform force-unlock {self.id}` "
            f"in cdktf.out/stacks/{stack}"
        )


def held(place: Place, stack: str) -> Lock | None:
    """The lock on the stack's state, if there is one."""
    found = state.read_object(place, _key(place, stack))
    return _lock(found["ID"], found["Operation"], found["Who"], found["Created"]) if found else None


def from_message(detail: str) -> Lock | None:
    """The lock that terraform's error message describes, if it does."""
    found = dict(FIELD.findall(detail))
    if not {"ID", "Operation", "Who", "Created"} <= found.keys():
        return None
    return _lock(found["ID"], found["Operation"], found["Who"], found["Created"].removesuffix(" UTC"))


def clear(place: Place, stack: str, former: Entry | None) -> bool:
    """Break a dead run's lock; raise OpsError for any other; tell whether one was broken."""
    lock = held(place, stack)
    if lock is None:
        return False
    if not dead(lock, former):
        raise OpsError(lock.refusal(stack))
    place.client("s3").delete_object(Bucket=place.config.state.bucket, Key=_key(place, stack))
    return True


def dead(lock: Lock, former: Entry | None) -> bool:
    """Whether the lock belongs to a run of ours, on this machine, whose process is gone."""
    if former is None or former.host != socket.gethostname() or lock.who != f"{_user()}@{former.host}":
        return False
    if former.process and former.process.alive():
        return False
    if former.lock_id:
        return former.lock_id == lock.id
    # Killed before it could note the lock's id: it takes the lock within moments of its start.
    began = datetime.fromisoformat(former.began)
    return began <= lock.created <= began + TAKEN_WITHIN


def _user() -> str:
    # As terraform does: by the effective user, not by what LOGNAME or USER says.
    return pwd.getpwuid(os.geteuid()).pw_name


def _key(place: Place, stack: str) -> str:
    return f"{place.state_key(stack)}.tflock"


def _lock(lock_id: str, operation: str, who: str, created: str) -> Lock:
    # Terraform writes nanoseconds, with a zone (`…Z`) in the object and without one in messages.
    seconds = re.sub(r"\.\d+", "", created).replace(" +0000", "").replace("Z", "").replace("T", " ")
    return Lock(lock_id, operation, who, datetime.fromisoformat(seconds).replace(tzinfo=UTC))
