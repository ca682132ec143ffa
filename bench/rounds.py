"""Rounds of load on several containers in turn, so that what else the machine does meets all of them."""

import sys
from dataclasses import dataclass
from statistics import median

from bench import usage
from bench.served import Served

ROUNDS = 7
SECONDS = 5


@dataclass(frozen=True)
class Round:
    """What one round showed; the processor's time is the container's and the database's, without wrk's."""

    per_second: float
    p95_ms: float
    cpu_ms: float


def measure(served: dict[str, Served], database: str) -> dict[str, list[Round]]:
    """Put load on each in turn; the first round warms and does not count."""
    found: dict[str, list[Round]] = {name: [] for name in served}
    for number in range(ROUNDS + 1):
        for name, one in served.items():
            found[name].append(_round(one, database))
            print(f"images: round {number}, {name}: {found[name][-1]}", file=sys.stderr)
    return {name: rounds[1:] for name, rounds in found.items()}


def medians(found: dict[str, list[Round]], quantity: str) -> dict[str, float]:
    """Return one quantity of each column."""
    return {name: median(getattr(one, quantity) for one in rounds) for name, rounds in found.items()}


def _round(served: Served, database: str) -> Round:
    before = usage.cpu_seconds(served.container, database)
    load = served.load(SECONDS)
    spent = usage.cpu_seconds(served.container, database) - before
    return Round(load.per_second, load.p95_ms, 1000 * spent / load.requests)
