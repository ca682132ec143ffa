"""The state behind the view: one line a step."""

import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

DOING = {"create": "making", "update": "changing", "delete": "removing", "replace": "replacing", "import": "adopting"}
DONE = {"create": "made", "update": "changed", "delete": "removed", "replace": "replaced", "import": "adopted"}
HASH = re.compile(r"_[0-9A-F]{8}(?=$|\[)")


class Status(Enum):
    """Where a step stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    CANCELLED = "not started"


BAD = (Status.FAILED, Status.STOPPED, Status.CANCELLED)


@dataclass
class Line:
    """One step: where it stands, what it works on now, and what it has done."""

    name: str
    needs: frozenset[str] = frozenset()
    status: Status = Status.WAITING
    doing: str = ""
    cause: str = ""
    began: float = 0.0
    ended: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    resources: dict[str, tuple[str, float]] = field(default_factory=dict)
    _depth: int = 0

    def enter(self) -> bool:
        """Start, unless it runs already; tell whether it did."""
        self._depth += 1
        if self.status is Status.RUNNING:
            return False
        self.status, self.began = Status.RUNNING, time.monotonic()
        return True

    def leave(self, status: Status) -> bool:
        """End, unless it was entered more than once; tell whether it did."""
        self._depth -= 1
        if self._depth:
            return False
        self.status = status
        self.ended = time.monotonic()
        self.resources.clear()
        return True

    def cancel(self, cause: str) -> None:
        """Never start, because the step `cause` failed."""
        self.status, self.cause = Status.CANCELLED, cause

    def work_on(self, address: str, action: str, elapsed: float, state: str) -> None:
        """Note a resource that is being worked on, or no longer is."""
        if state in {"done", "failed"}:
            self.resources.pop(address, None)
        else:
            self.resources.setdefault(address, (action, time.monotonic() - elapsed))
        if state == "done":
            self.counts[action] += 1

    def seconds(self) -> float:
        """How long it has run."""
        return (self.ended or time.monotonic()) - self.began if self.began else 0.0

    def counted(self) -> str:
        """What it has done, such as `made 3, removed 1`."""
        return ", ".join(f"{DONE.get(action, action)} {count}" for action, count in sorted(self.counts.items()))


def short(address: str) -> str:
    """An address without the provider's prefix and the generator's hash."""
    return HASH.sub("", address.removeprefix("aws_"))


def duration(seconds: float) -> str:
    """`8 s` or `2 m 05 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} m {rest:02} s" if minutes else f"{rest} s"


def summary(lines: Iterable[Line], seconds: float) -> str:
    """One sentence on all steps together."""
    lines = tuple(lines)
    by_status = Counter(line.status for line in lines)
    total = sum((line.counts for line in lines), Counter())
    parts = [f"{by_status[Status.DONE]} of {len(lines)} steps done"]
    parts += [f"{by_status[status]} {status.value}" for status in BAD if by_status[status]]
    parts += [f"{DONE.get(action, action)} {count} resources" for action, count in sorted(total.items())]
    return f"{', '.join(parts)}, {duration(seconds)}"
