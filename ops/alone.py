"""One run at a time in one copy of the project; Terraform's own lock is for other copies and other machines."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from ops.errors import OpsError
from ops.place import Place


@contextmanager
def alone(place: Place, what: str, doing: str) -> Iterator[None]:
    """Keep `what` (a stack's name, or `all`) to this process; refuse at once when another has it.

    The kernel frees it when its holder dies, however that happens.
    """
    path = place.work / "locks" / what
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OpsError(_refusal(place, what, path.read_text())) from None
        file.truncate(0)
        now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        file.write(json.dumps({"doing": doing, "process": os.getpid(), "since": now}))
        file.flush()
        yield


def _refusal(place: Place, what: str, text: str) -> str:
    name = place.env if what == "all" else what
    if not text:
        return f"{name}: locked by another run of this copy of Berth; wait until it is done"
    holder = json.loads(text)
    return (
        f"{name}: locked by another run of this copy of Berth: {holder['doing']}, process {holder['process']}, "
        f"since {holder['since'].removesuffix('+00:00')} UTC; wait until it is done"
    )
