"""The Docker daemon: found, started or installed; where that is not allowed, the person is told and work goes on."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from setup import SetupError, packages, process, say

PACKAGES = ("docker.io", "iptables")
START_SECONDS = 60
RUNNING = {"docker.pid": "dockerd", "docker/containerd/containerd.pid": "containerd"}
"""Files below /run in which a daemon notes its process, and that process's name."""
POLL_SECONDS = 0.3


def is_running() -> bool:
    """Whether a daemon answers this user."""
    return process.works(["docker", "version", "--format", "{{.Server.Version}}"])


def obstacle() -> str | None:
    """Say why no daemon can be started here, None when it can."""
    root = os.geteuid() == 0
    if not root and not shutil.which("dockerd"):
        return f"Docker is not installed: {packages.hint(*PACKAGES)}"
    if not root:
        return "no Docker daemon answers this user: sudo systemctl start docker, and sudo usermod -aG docker $USER"
    if not shutil.which("dockerd") and not packages.can_install():
        return "Docker is not installed; install Docker Engine from your distribution"
    return None


def start_command() -> list[str]:
    """Return the command that starts the daemon, by systemd where it is in charge."""
    return ["systemctl", "start", "docker"] if Path("/run/systemd/system").is_dir() else ["dockerd"]


def forget_dead(run: Path, processes: Path = Path("/proc")) -> None:
    """Drop the notes of killed daemons: where their number went to another process, Docker would not start."""
    for name, program in RUNNING.items():
        note = run / name
        try:
            found = (processes / note.read_text().strip() / "comm").read_text().strip()
        except FileNotFoundError:
            found = ""
        if found != program:
            note.unlink(missing_ok=True)


def _start(home: Path) -> None:
    """Leave a daemon running that outlives this process; it belongs to the machine, not to this copy."""
    forget_dead(Path("/run"))
    log = home / "dockerd.log"
    say(f"starting the Docker daemon, log in {log}")
    with log.open("a") as output:
        starter = subprocess.Popen(
            start_command(), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/"
        )
    deadline = time.monotonic() + START_SECONDS
    while not is_running():
        if starter.poll() or time.monotonic() > deadline:
            msg = f"the Docker daemon does not start, its log is {log}"
            raise SetupError(msg)
        time.sleep(POLL_SECONDS)


def ensure(home: Path) -> None:
    """See that a Docker daemon runs; say what to do where that is not possible."""
    if is_running():
        return
    reason = obstacle()
    try:
        if reason is None:
            if not shutil.which("dockerd"):
                packages.install(*PACKAGES)
            _start(home)
            return
    except SetupError as error:
        reason = str(error)
    say(f"going on without containers: {reason}")
