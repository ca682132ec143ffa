"""Runs the programs of the set-up: quiet when all is well, their last lines when not."""

import os
import subprocess

from setup import SetupError


def run(command: list[str], *, doing: str, extra: dict[str, str] | None = None) -> str:
    """Run `command` and return what it wrote; SetupError with its last lines when it fails."""
    try:
        done = subprocess.run(
            command,
            check=False,
            env=os.environ | (extra or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except OSError as error:
        msg = f"{doing} failed: {command[0]}: {error.strerror}"
        raise SetupError(msg) from error
    if done.returncode:
        tail = "\n  ".join(done.stdout.strip().splitlines()[-10:])
        msg = f"{doing} failed: {command[0]} ended with {done.returncode}\n  {tail}"
        raise SetupError(msg)
    return done.stdout


def works(command: list[str]) -> bool:
    """Whether `command` can be run and ends well."""
    try:
        return subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False
