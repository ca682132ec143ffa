"""The server's process: begun apart from its caller, found again, ended."""

import contextlib
import http.client
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
_KILL_SECONDS = 5


def spawn(home: Path, port: int, log: Path) -> int:
    """Begin the server in a session of its own, so that it outlives the caller's terminal; give its pid."""
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    streams = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), append, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(sys.executable, command(home, port), _environment(), file_actions=streams, setsid=True)


def command(home: Path, port: int) -> list[str]:
    """Give the server's command line, by which its process is known again."""
    return [sys.executable, "-m", "local.server", "--home", str(home.resolve()), "--port", str(port)]


def _environment() -> dict[str, str]:
    # The caller's own credentials and endpoint have no business in the cloud.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {"PYTHONPATH": str(ROOT)}


def status(port: int) -> dict | None:
    """Ask the server for its status; None where no Berth answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_berth/status")
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) and "home" in answer else None


def is_ours(answer: dict, home: Path) -> bool:
    """Tell whether a status comes from the server of this home."""
    return answer["home"] == str(home.resolve())


def port_is_taken(port: int) -> bool:
    """Tell whether any program holds the port on loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def find(home: Path, port: int, pid_file: Path) -> int | None:
    """Find the server's process, also one whose pid file is lost."""
    answer = status(port)
    if answer and is_ours(answer, home):
        return answer["pid"]
    try:
        pid = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if _runs(pid, command(home, port)) else None


def _runs(pid: int, line: list[str]) -> bool:
    # A pid is reused: the command line behind the interpreter must be the server's as well.
    try:
        found = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return found[1:] == line[1:]


def end(pid: int, seconds: float) -> None:
    """Ask a process to end, and kill it when it does not within this time."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not _ended(pid, seconds):
        kill(pid)


def kill(pid: int) -> None:
    """Kill a process and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _ended(pid, _KILL_SECONDS)


def _ended(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Tell whether a process runs."""
    try:
        # Reaps it where it is our own child: a zombie would look alive for ever.
        reaped, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return Path(f"/proc/{pid}").exists()
    return reaped == 0
