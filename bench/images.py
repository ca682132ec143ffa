"""Our images against the plain Debian apache and mod_php set-up of the same application: speed, start, memory, size.

One run on one machine, rounds in turn, medians: `python -m bench images`. BERTH_BENCH_APPS=wordpress takes one.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from statistics import median

from bench import rounds, usage
from bench.applications import APPLICATIONS, Application, lay_out
from bench.claims import OURS, Bound, Row, table
from bench.ours import WORKERS, Ours
from bench.reference import VARIANTS, Reference
from bench.served import Served
from tests.image import server
from tests.image.site import Database

STARTS = 5
CACHED = "ours, page cache"
"""The second container of ours: the first runs with PAGE_CACHE_SECONDS=0."""

PAGE_CACHE = dict.fromkeys(VARIANTS, Bound(30, least=True))
PHP = {"defaults": Bound(1.5, least=True), "tuned": Bound(0.95, least=True)}
START = dict.fromkeys(VARIANTS, Bound(1.2))
NO_MORE = dict.fromkeys(VARIANTS, Bound(1))

Side = Ours | Reference


def run() -> bool:
    """Print a table for each application; return whether every claim holds."""
    chosen = os.environ.get("BERTH_BENCH_APPS", ",".join(app.name for app in APPLICATIONS)).split(",")
    rows = {app.name: _compare(app) for app in APPLICATIONS if app.name in chosen}
    for name, found in rows.items():
        print(f"\n{name}\n\n{table(found)}")
    return all(row.holds() for found in rows.values() for row in found)


def _compare(app: Application) -> list[Row]:
    with contextlib.ExitStack() as stack:
        content = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lay_out(content)
        database = stack.enter_context(server.database(stack.enter_context(server.network())))
        sides = _sides(app, database, content)
        for side in sides.values():
            stack.enter_context(contextlib.closing(side))
            side.install()
        return [*_speed(sides, database.host), *_start(sides), _size(app, sides)]


def _sides(app: Application, database: Database, content: Path) -> dict[str, Side]:
    theirs = {name: Reference(app, name, database, content, WORKERS) for name in VARIANTS}
    return {OURS: Ours(app, database, content), **theirs}


def _serve(sides: dict[str, Side]) -> dict[str, Served]:
    """Start what takes the load: ours twice, with its page cache and without."""
    ours = sides[OURS]
    without = ours.create(PAGE_CACHE_SECONDS="0") if isinstance(ours, Ours) else ours.create()
    served = {CACHED: ours.create(), OURS: without} | {name: sides[name].create() for name in VARIANTS}
    for one in served.values():
        one.start()
    return served


def _speed(sides: dict[str, Side], database: str) -> list[Row]:
    """Return what load showed, with and without the page cache, memory after it, and the page's size."""
    served = _serve(sides)
    found = rounds.measure(served, database)
    memory = {name: usage.memory_mib(one.container) for name, one in served.items()}
    pages = {name: len(served[name].page()) / 1024 for name in (OURS, *VARIANTS)}
    for one in served.values():
        one.remove()
    rate, p95, cpu = (rounds.medians(found, quantity) for quantity in ("per_second", "p95_ms", "cpu_ms"))
    return [
        Row("requests/s, page cache", _against(rate, CACHED), PAGE_CACHE),
        Row("requests/s, PHP", _against(rate, OURS), PHP),
        Row("processor ms a request, with the database's, PHP", _against(cpu, OURS)),
        Row("p95, ms, page cache", _against(p95, CACHED)),
        Row("p95, ms, PHP", _against(p95, OURS)),
        Row("memory, MiB, after the load", _against(memory, max(CACHED, OURS, key=memory.__getitem__)), NO_MORE),
        Row("page, KiB", pages),
    ]


def _start(sides: dict[str, Side]) -> list[Row]:
    """Return the seconds to the first page on an existing database, each time in a new container."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(STARTS):
        for name, side in sides.items():
            one = side.create()
            found[name].append(one.start())
            spent[name].append(usage.cpu_seconds(one.container))
            one.remove()
    return [
        Row("start to first 200, s", _medians(found), START),
        Row("processor s until then", _medians(spent)),
    ]


def _size(app: Application, sides: dict[str, Side]) -> Row:
    sizes = {name: usage.compressed_mb(side.image) for name, side in sides.items()}
    return Row("compressed, MB", sizes, NO_MORE, most=app.most_mb)


def _against(values: dict[str, float], ours: str) -> dict[str, float]:
    """Return the columns of one row, with one of our two containers as ours."""
    return {OURS: values[ours]} | {name: values[name] for name in VARIANTS}


def _medians(found: dict[str, list[float]]) -> dict[str, float]:
    return {name: median(values) for name, values in found.items()}
