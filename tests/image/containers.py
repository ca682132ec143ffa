"""The command line of Docker, as the image's tests use it."""

import json
import subprocess
import time
from collections.abc import Callable
from typing import Any

LOCKED_DOWN = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
"""How every platform runs the image."""


def docker(*arguments: str, check: bool = True, timeout: int = 120) -> subprocess.CompletedProcess[str]:
    """Run a docker command; an error shows what it printed."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, timeout=timeout)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def inspect(name: str) -> dict[str, Any]:
    """Everything Docker knows about a container, image or volume."""
    return json.loads(docker("inspect", name).stdout)[0]


def execute(name: str, script: str, *, check: bool = True) -> str:
    """Run a bash script in a container; its standard output."""
    return docker("exec", name, "bash", "-c", script, check=check).stdout


def logs(name: str) -> str:
    """Both outputs of a container."""
    done = docker("logs", name)
    return done.stdout + done.stderr


def wait_exit(name: str, seconds: int = 60) -> int:
    """Exit code of a container that ends by itself."""
    return int(docker("wait", name, timeout=seconds).stdout)


def eventually(holds: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Wait until it holds; fail with what was awaited."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        time.sleep(0.1)
