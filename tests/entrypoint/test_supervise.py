import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.entrypoint.conftest import ENTRYPOINT

# Python, for bash cannot trap what it was started to ignore, as a child in the background is.
SERVER = """#!{python}
import os, pathlib, signal, sys, time
def event(what):
    with open(os.environ["EVENTS"], "a") as events:
        print(pathlib.Path(sys.argv[0]).name, what, file=events)
def drain(*_):
    event("drained")
    sys.exit(0)
signal.signal(signal.SIGQUIT, drain)
event("started")
{body}
while True:
    time.sleep(0.1)
"""

PROCESSES = {
    "nginx": "nginx",
    "php_fpm": "php-fpm",
    "runner": "jobs/run-jobs",
    "announcer": "jobs/announce",
    "follower": "jobs/follow-extensions",
}

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the supervisor over stand-ins for its processes, each with a body of its own."""
    running: list[subprocess.Popen[str]] = []

    def run(drain_seconds: int = 25, files_mode: str = "uploads", **bodies: str) -> subprocess.Popen[str]:
        (tmp_path / "jobs").mkdir()
        for name, path in PROCESSES.items():
            (tmp_path / path).write_text(SERVER.format(python=sys.executable, body=bodies.get(name, "")))
            (tmp_path / path).chmod(0o755)
        (tmp_path / "lib").symlink_to(ENTRYPOINT / "lib")
        environment = {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "BERTH_LIB": str(tmp_path),
            "EVENTS": str(tmp_path / "events"),
            "DRAIN_SECONDS": str(drain_seconds),
            "FILES_MODE": files_mode,
        }
        supervisor = subprocess.Popen(
            [ENTRYPOINT / "jobs/supervise"], env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        running.append(supervisor)
        return supervisor

    yield run
    for supervisor in running:
        with supervisor, contextlib.suppress(ProcessLookupError):
            os.killpg(supervisor.pid, signal.SIGKILL)


def _events(folder: Path, count: int) -> list[str]:
    events = folder / "events"
    for _ in range(100):
        lines = events.read_text().splitlines() if events.exists() else []
        if len(lines) >= count:
            return lines
        time.sleep(0.05)
    pytest.fail(f"only {lines} happened")


def test_term_drains_nginx_before_fpm(start: Start, tmp_path: Path) -> None:
    """A stop lets nginx finish its requests while FPM still answers, then ends with success."""
    supervisor = start()
    _events(tmp_path, 4)
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert _events(tmp_path, 6)[4:] == ["nginx drained", "php-fpm drained"]


@pytest.mark.parametrize(("name", "shown"), [("nginx", "nginx"), ("php_fpm", "php-fpm")])
def test_end_of_one_server_ends_all(start: Start, name: str, shown: str) -> None:
    """A server that dies takes the container with it, with its status and a message that names it."""
    supervisor = start(**{name: "sys.exit(3)"})
    assert supervisor.wait(10) == 3
    assert f"{shown} ended with status 3; stopping the container" in supervisor.stderr.read()


def test_clean_end_of_a_server_is_a_failure_too(start: Start) -> None:
    """A server that leaves without an error has failed all the same: nobody asked it to."""
    assert start(nginx="sys.exit(0)").wait(10) == 1


def test_end_of_the_job_runner_ends_nothing(start: Start, tmp_path: Path) -> None:
    """Page views go on without the job runner."""
    supervisor = start(runner="sys.exit(1)")
    _events(tmp_path, 4)
    with pytest.raises(subprocess.TimeoutExpired):
        supervisor.wait(1)


def test_request_that_never_ends_is_cut_off(start: Start, tmp_path: Path) -> None:
    """A server that does not drain is killed in time for the platform's own deadline."""
    supervisor = start(drain_seconds=1, nginx="signal.signal(signal.SIGQUIT, signal.SIG_IGN)")
    _events(tmp_path, 4)
    began = time.monotonic()
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert time.monotonic() - began < 5


def test_shared_extensions_are_followed_until_the_stop(start: Start, tmp_path: Path) -> None:
    """In extensions mode one more process works, and is told to stop before the servers drain."""
    told = "signal.signal(signal.SIGTERM, lambda *_: (event('told'), sys.exit(0)))"
    supervisor = start(files_mode="extensions", follower=told)
    assert "follow-extensions started" in _events(tmp_path, 5)
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert set(_events(tmp_path, 8)[5:]) == {"follow-extensions told", "nginx drained", "php-fpm drained"}


def test_uploads_mode_follows_nothing(start: Start, tmp_path: Path) -> None:
    """By default four processes work."""
    start()
    _events(tmp_path, 4)
    time.sleep(0.5)
    assert "follow-extensions started" not in _events(tmp_path, 4)
