"""Synthesis with the bindings' lazy root package against the stock one: whole processes, in turn.

Claim: at most half the time and three quarters of the memory; what is left of both is Node loading the assembly.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
PAIRS = 3
MOST = {"seconds": 0.5, "mib": 0.75}


@dataclass(frozen=True)
class Cost:
    """What one process took: wall-clock seconds, and peak memory in MiB."""

    seconds: float
    mib: float


def run() -> bool:
    """Print medians and ratios; return whether both claims hold."""
    pairs = [(_synthesize(lazy=True), _synthesize(lazy=False)) for _ in range(PAIRS)]
    lazy, stock = ([pair[side] for pair in pairs] for side in (0, 1))
    held = True
    for unit, most in MOST.items():
        fast, slow = (median(getattr(cost, unit) for cost in side) for side in (lazy, stock))
        held &= fast <= slow * most
        print(f"synthesis {unit}: lazy {fast:.1f}, stock {slow:.1f}, ratio {fast / slow:.2f} (claimed: {most} at most)")
    return held


def _synthesize(*, lazy: bool) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"BERTH_OUT": folder, "BERTH_ENV": "production", "BERTH_EAGER": "0" if lazy else "1"}
        begin = time.monotonic()
        child = subprocess.Popen([sys.executable, "main.py"], cwd=ROOT, env=env)
        # wait4 gives this one child's own peak, where RUSAGE_CHILDREN gives the largest of all so far
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, child.args)
        return Cost(time.monotonic() - begin, _mib(usage))


def _mib(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024
