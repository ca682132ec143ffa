"""Ten first boots at once, and first boots that are killed: models of the official entry points against ours.

Claim: ours leaves nothing corrupt. What the models leave is printed beside it: `python -m bench kills`.
"""

import contextlib
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from bench.boots import Boot
from bench.schemas import MediaWikiModel, MediaWikiOurs
from bench.trees import Extensions, OfficialModel
from tests.image import server
from tests.image.containers import docker, wait_exit

KILLS = 10
TOGETHER = 10
CLEAN_BOOTS = 3
BOOT_SECONDS = 300
RESTARTS = 3
"""As often a platform starts again what ended with an error; then it is stuck."""


@dataclass(frozen=True)
class Count:
    """What a series of boots left."""

    boots: int
    corrupt: int
    """Boots after which all was said to be well, and was not."""
    stuck: int
    """Boots that ended with an error, after kills each time they were started again."""

    def __str__(self) -> str:
        return f"{self.corrupt} of {self.boots} taken for whole and not, {self.stuck} ended with an error"


def run() -> bool:
    """Print both counts for trees and schemas; return whether nothing of ours was corrupt or stuck."""
    held = True
    with _boots() as boots:
        for what, boot in boots:
            for how, count in _series(boot):
                print(f"kills: {what}, {how}, {boot.name}: {count}")
                held &= boot.name != "ours" or not count.corrupt + count.stuck
    return held


@contextlib.contextmanager
def _boots() -> Iterator[list[tuple[str, Boot]]]:
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(server.database(stack.enter_context(server.network())))
        boots: list[tuple[str, Boot]] = [
            ("tree of files", OfficialModel()),
            ("tree of files", Extensions()),
            ("schema", MediaWikiModel(database)),
            ("schema", MediaWikiOurs(database)),
        ]
        for _, boot in boots:
            stack.enter_context(contextlib.closing(boot))
        yield boots


def _series(boot: Boot) -> Iterator[tuple[str, Count]]:
    seconds, whole = _clean(boot)
    yield f"{TOGETHER} at once", _together(boot, whole)
    yield f"{KILLS} kills", _killed(boot, seconds, whole)


def _clean(boot: Boot) -> tuple[float, str]:
    """Seconds of an undisturbed first boot, and what it leaves, which is the same every time."""
    found = [_clean_boot(boot) for _ in range(CLEAN_BOOTS)]
    if len({state for _, state in found}) != 1:
        raise RuntimeError(f"{boot.name}: undisturbed boots differ")
    return median(seconds for seconds, _ in found), found[0][1]


def _clean_boot(boot: Boot) -> tuple[float, str]:
    boot.empty()
    name = boot.start()
    begin = time.monotonic()
    if not _ends_well(name):
        raise RuntimeError(f"{boot.name}: an undisturbed boot failed")
    return time.monotonic() - begin, boot.state(name)


def _together(boot: Boot, whole: str) -> Count:
    """Start ten on nothing."""
    boot.empty()
    with ThreadPoolExecutor(TOGETHER) as pool:
        names = list(pool.map(lambda _: boot.start(), range(TOGETHER)))
    well = [name for name in names if _ends_well(name)]
    return Count(TOGETHER, sum(boot.state(name) != whole for name in well), stuck=TOGETHER - len(well))


def _killed(boot: Boot, seconds: float, whole: str) -> Count:
    """Kill a first boot at a moment drawn evenly, start again, and look at what that one leaves."""
    corrupt = stuck = 0
    for _ in range(KILLS):
        boot.empty()
        name = boot.start()
        moment = random.uniform(0, seconds)  # noqa: S311 - no secret
        time.sleep(moment)
        docker("kill", name, check=False)
        wait_exit(name)
        again = next(filter(_ends_well, (boot.start() for _ in range(RESTARTS))), None)
        stuck += again is None
        corrupt += again is not None and boot.state(again) != whole
        print(f"kills: {boot.name} killed after {moment:.2f} s of {seconds:.2f}: {corrupt}, {stuck}", file=sys.stderr)
    return Count(KILLS, corrupt, stuck)


def _ends_well(name: str) -> bool:
    return wait_exit(name, BOOT_SECONDS) == 0
