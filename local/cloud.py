"""Start, stop and remove the embedded cloud of one copy of the project."""

import contextlib
import fcntl
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from local import engine, process, sweep
from local.errors import CloudError

START_SECONDS = 60
STOP_SECONDS = 120
ACCESS_KEY = "berth"
REGION = "us-east-1"


def start(home: Path, port: int) -> None:
    """Start the cloud where it does not run yet, and wait until it answers."""
    with _locked(home):
        status = process.status(port)
        if status and process.is_ours(status, home):
            if status["docker"] or not engine.connect():
                return
            # Docker came up after the cloud did: only a new process binds the bridge and starts the containers.
            _stop(home, port)
        elif status or process.port_is_taken(port):
            raise CloudError(_taken(port, status))
        _launch(home, port)


def stop(home: Path, port: int) -> None:
    """Stop the cloud; its state and its data volumes stay."""
    with _locked(home):
        _stop(home, port)


def running(home: Path, port: int) -> bool:
    """Tell whether the cloud of this home answers on this port."""
    status = process.status(port)
    return status is not None and process.is_ours(status, home)


def remove(home: Path, port: int) -> None:
    """Stop the cloud and remove every container, network, volume and the state of this copy."""
    with _locked(home):
        # Nothing is kept: no need to wait for what it would save and stop in order.
        pid = _find(home, port)
        if pid is not None:
            process.kill(pid)
        client = engine.connect()
        if client:
            sweep.remove_all(client, port)
        shutil.rmtree(_folder(home), ignore_errors=True)


def environment(port: int) -> dict[str, str]:
    """Give the environment in which AWS tools talk to this cloud and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def _folder(home: Path) -> Path:
    return home / "cloud"


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "cloud.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _taken(port: int, status: dict | None) -> str:
    owner = f"the Berth of {status['home']}" if status else "another program"
    return f"port {port} is taken by {owner}; choose another embedded_cloud.port, or set BERTH_PORT"


def _launch(home: Path, port: int) -> None:
    folder = _folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / "server.log"
    pid = process.spawn(home, port, log)
    (folder / "pid").write_text(f"{pid}\n")
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        status = process.status(port)
        if status and process.is_ours(status, home):
            return
        if not process.alive(pid):
            raise CloudError(f"the embedded cloud ended at its start: {_last_line(log)}; see {log}")
        time.sleep(0.1)
    process.kill(pid)
    raise CloudError(f"the embedded cloud did not answer on port {port} within {START_SECONDS} s; see {log}")


def _last_line(log: Path) -> str:
    return (log.read_text(errors="replace").splitlines() or ["no word"])[-1]


def _find(home: Path, port: int) -> int | None:
    return process.find(home, port, _folder(home) / "pid")


def _stop(home: Path, port: int) -> None:
    pid = _find(home, port)
    if pid is not None:
        process.end(pid, STOP_SECONDS)
    (_folder(home) / "pid").unlink(missing_ok=True)
