"""The live table: one row a step, and one line over all."""

import time

from rich.console import Group
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from ops.view_lines import DOING, Line, Status, duration, short, summary

Renderable = Group
MARKS = {
    Status.WAITING: Text("·", style="dim"),
    Status.DONE: Text("✓", style="green"),
    Status.FAILED: Text("✗", style="bold red"),
    Status.STOPPED: Text("✗", style="red"),
    Status.CANCELLED: Text("-", style="dim"),
}
SPINNER = Spinner("dots", style="cyan")
MOST_SHOWN = 2


def render(title: str, lines: tuple[Line, ...], seconds: float) -> Renderable:
    """Draw the table as it is now."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(justify="right", no_wrap=True)
    done = {line.name for line in lines if line.status is Status.DONE}
    for line in lines:
        mark = SPINNER if line.status is Status.RUNNING else MARKS[line.status]
        name = Text(line.name, style="" if line.began else "dim")
        table.add_row(mark, name, _text(line, done), Text(_time(line), style="dim"))
    return Group(Text(f"{title}: {summary(lines, seconds)}", style="bold"), table)


def _time(line: Line) -> str:
    return duration(line.seconds()) if line.began else ""


def _text(line: Line, done: set[str]) -> Text:
    if line.status is Status.WAITING:
        waits = ", ".join(sorted(line.needs - done))
        return Text(f"waits for {waits}" if waits else "waits for its turn", style="dim")
    if line.status is Status.CANCELLED:
        return Text(f"not started, {line.cause} failed", style="dim")
    if line.status in {Status.FAILED, Status.STOPPED}:
        return Text(", ".join(filter(None, (line.status.value, line.counted()))), style="red")
    if line.status is Status.DONE:
        return Text(line.counted() or line.doing, style="green" if line.counts else "dim")
    return _working(line)


def _working(line: Line) -> Text:
    if not line.resources:
        return Text(line.doing or "starting")
    now = time.monotonic()
    oldest_first = sorted(line.resources.items(), key=lambda item: item[1][1])
    works = [
        f"{DOING.get(action, action)} {short(address)} {duration(now - began)}"
        for address, (action, began) in oldest_first[:MOST_SHOWN]
    ]
    more = len(line.resources) - len(works)
    return Text(", ".join(works) + (f" and {more} more" if more else ""))
