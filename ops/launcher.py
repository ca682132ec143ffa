"""Become another program that is asked to end (SIGTERM) as soon as this one's parent dies, however that happens.

Run as a file, not imported: `python launcher.py PARENT COMMAND…`. Linux only; elsewhere the command just runs.
A function run between fork and exec would do the same, but is not safe in a program with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Ask for the signal, see that the parent is still there, and become the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - becoming the command is the point


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
