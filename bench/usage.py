"""What containers and images weigh, as Docker counts it."""

import contextlib
import subprocess
from typing import Any

import docker as sdk

MIB = 1024 * 1024


def memory_mib(container: str) -> float:
    """MiB that cannot be reclaimed: private and shared memory without files, by either version of cgroups."""
    return held(_stats(container)["memory_stats"]["stats"]) / MIB


def held(stats: dict[str, int]) -> int:
    """Return the bytes of anonymous and shared pages; version 1 counts its own group and all below apart."""
    prefix = "total_" if "total_inactive_anon" in stats else ""
    return stats[f"{prefix}active_anon"] + stats[f"{prefix}inactive_anon"]


def cpu_seconds(*containers: str) -> float:
    """Processor time that containers have taken so far, together."""
    return sum(_stats(name)["cpu_stats"]["cpu_usage"]["total_usage"] for name in containers) / 1e9


def compressed_mb(image: str) -> float:
    """Megabytes of what `docker save` gives, compressed."""
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saved:
        done = subprocess.run(["gzip", "-6"], stdin=saved.stdout, stdout=subprocess.PIPE, check=True)
    return len(done.stdout) / 1e6


def _stats(container: str) -> dict[str, Any]:
    with contextlib.closing(sdk.from_env()) as client:
        # The first of the stream comes at once; a single one would be the second, a second later.
        return next(client.containers.get(container).stats(decode=True))
