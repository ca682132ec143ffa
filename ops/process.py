"""Child processes that never outlive Berth, leave a log, and are interrupted exactly once.

The child writes to a file, which Berth follows: a pipe would kill terraform with SIGPIPE the moment Berth dies, before
it could save its state.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAUNCHER = Path(__file__).with_name("launcher.py")
POLL_SECONDS = 0.1

_running: set[subprocess.Popen[bytes]] = set()
_interrupted = threading.Event()
_guard = threading.Lock()


@dataclass(frozen=True)
class Child:
    """How to start a process: its command, folder, environment and the file that takes its output."""

    command: list[str]
    folder: Path
    environment: dict[str, str]
    log: Path


def run(child: Child, on_line: Callable[[str], None], on_start: Callable[[int], None] = lambda _: None) -> int:
    """Run to the end, handing over each line of output; return the exit code, negative for a signal.

    `on_start` is given the process id. Nothing is started any more once `interrupt` was called.
    """
    child.log.parent.mkdir(parents=True, exist_ok=True)
    with child.log.open("wb") as output, child.log.open(encoding="utf-8", errors="replace") as reader:
        child.log.chmod(0o600)
        process = _start(child, output)
        try:
            on_start(process.pid)
            for line in _follow(process, reader):
                on_line(line)
        finally:
            _end(process)
    return process.returncode


def interrupt() -> None:
    """Ask every running child to end, once, and start no more; terraform then saves its state and unlocks it."""
    with _guard:
        if not _interrupted.is_set():
            _interrupted.set()
            for process in _running:
                process.send_signal(signal.SIGINT)


def interrupted() -> bool:
    """Whether `interrupt` was called."""
    return _interrupted.is_set()


def _start(child: Child, output: IO[bytes]) -> subprocess.Popen[bytes]:
    with _guard:
        if _interrupted.is_set():
            raise KeyboardInterrupt
        process = subprocess.Popen(
            [sys.executable, "-IS", str(LAUNCHER), str(os.getpid()), *child.command],
            cwd=child.folder,
            env=child.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # the terminal's own Ctrl-C must not reach it a second time
        )
        _running.add(process)
    return process


def _follow(process: subprocess.Popen[bytes], reader: IO[str]) -> Iterator[str]:
    rest = ""
    while True:
        ended = process.poll() is not None
        rest += reader.read()
        *lines, rest = rest.split("\n")
        yield from lines
        if ended:
            break
        time.sleep(POLL_SECONDS)
    if rest:
        yield rest


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave no process behind: not this one when the follower failed, nor what it started when it was killed."""
    if process.poll() is None:
        process.terminate()
        process.wait()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with _guard:
        _running.discard(process)
