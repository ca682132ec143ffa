"""Load on one page, by wrk: how many answers a second, and how long the slowest twentieth takes."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 4
"""As many as PHP workers: nobody queues, and a server of one worker a connection serves all."""


@dataclass(frozen=True)
class Load:
    """What one round of load showed."""

    requests: int
    per_second: float
    p95_ms: float


def command(url: str, host: str, seconds: int) -> list[str]:
    """Return the command line; one thread, as the servers need the processors too."""
    return [
        "wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s", "--timeout=20s",
        f"--header=Host: {host}", f"--script={SCRIPT}", url,
    ]  # fmt: skip


def parse(output: str) -> Load:
    """Read the line that the script writes last; an answer that failed makes the round worthless."""
    found = json.loads(output.splitlines()[-1])
    if found["failed"] or not found["requests"]:
        raise ValueError(f"{found['failed']} of {found['requests']} requests failed")
    return Load(found["requests"], found["requests"] / found["microseconds"] * 1e6, found["p95_microseconds"] / 1000)


def put(url: str, host: str, seconds: int) -> Load:
    """Ask for `url` without a pause for so many seconds."""
    return parse(subprocess.run(command(url, host, seconds), check=True, capture_output=True, text=True).stdout)
