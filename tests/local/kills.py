"""The end that nobody can prepare for."""

import os
import signal

from tests.local.conftest import Cloud


def kill(cloud: Cloud) -> None:
    """Kill the server as a power cut would."""
    pid = cloud.status()["pid"]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
