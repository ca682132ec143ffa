"""What Berth's terraform processes are at, on disk, so that a run after a crash knows where the former one was.

One file a stack in `.berth/<env>/journal`: written before terraform starts, removed when it ended by itself. A file
that is found at the start means that the former run was killed: its process may still be ending, it may have left a
lock, and there may be resources that the state does not know.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ops.place import Place

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
GRACE_SECONDS = 60.0


@dataclass(frozen=True)
class Process:
    """A process that cannot be confused with a later one of the same number."""

    pid: int
    started: str
    boot: str

    @classmethod
    def of(cls, pid: int) -> Self:
        """Describe a running process."""
        return cls(pid, _started(pid), _boot())

    def alive(self) -> bool:
        """Whether this very process still runs."""
        return self.boot == _boot() and bool(self.started) and _started(self.pid) == self.started


@dataclass(frozen=True)
class Entry:
    """One run of terraform that has not ended by itself."""

    operation: str
    host: str
    began: str
    process: Process | None = None
    lock_id: str | None = None


class Journal:
    """The entry of one stack."""

    def __init__(self, place: Place, stack: str) -> None:
        """Belongs to `stack` of `place`."""
        self._file = place.work / "journal" / f"{stack}.json"

    def begin(self, operation: str) -> None:
        """Note that an operation is about to start."""
        self._write(Entry(operation, socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds")))

    def started(self, pid: int) -> None:
        """Note the process of the operation."""
        self._update(lambda entry: replace(entry, process=Process.of(pid)))

    def locked(self, lock_id: str) -> None:
        """Note the lock that the operation took."""
        self._update(lambda entry: replace(entry, lock_id=lock_id))

    def end(self) -> None:
        """Note that the operation ended by itself, with its state saved."""
        self._file.unlink(missing_ok=True)

    def unfinished(self) -> Entry | None:
        """The operation that was cut off, if any."""
        try:
            found = json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        process = found.pop("process")
        return Entry(**found, process=Process(**process) if process else None)

    def settle(self, seconds: float = GRACE_SECONDS) -> Entry | None:
        """Wait for the process of a former run to end, kill it after `seconds`, and return its entry."""
        entry = self.unfinished()
        if entry and entry.process:
            _await_end(entry.process, seconds)
        return entry

    def _update(self, change: Callable[[Entry], Entry]) -> None:
        if entry := self.unfinished():
            self._write(change(entry))

    def _write(self, entry: Entry) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(asdict(entry)))
        part.replace(self._file)


def _await_end(process: Process, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while process.alive() and time.monotonic() < deadline:
        time.sleep(0.1)
    if process.alive():
        os.kill(process.pid, signal.SIGKILL)
        while process.alive():
            time.sleep(0.05)


def _started(pid: int) -> str:
    """Clock ticks between boot and the start of a process; empty for one that is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def _boot() -> str:
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""
