"""Lines of the plain log, for where there is no terminal."""

from datetime import UTC, datetime

from ops.view_lines import DOING, DONE, Line, duration, short

FIRST_PROGRESS_SECONDS = 10
PROGRESS_EVERY_SECONDS = 30


def stamped(text: str) -> str:
    """The text after the time of day (UTC)."""
    return f"{datetime.now(UTC):%H:%M:%S} {text}"


def says(line: Line) -> str:
    """What a step is doing."""
    return f"{line.name}: {line.doing}"


def works(line: Line, address: str, action: str, elapsed: float, state: str) -> str:
    """What happens to a resource; empty where a log would only repeat itself."""
    name, seconds = f"{line.name}: {short(address)}", round(elapsed)
    if state == "done":
        return f"{name}: {DONE.get(action, action)} after {duration(elapsed)}"
    if state == "failed":
        return f"{name}: failed after {duration(elapsed)}"
    if state == "progress" and (seconds == FIRST_PROGRESS_SECONDS or seconds % PROGRESS_EVERY_SECONDS == 0):
        return f"{name}: still {DOING.get(action, action)}, {duration(elapsed)}"
    return ""


def ends(line: Line) -> str:
    """How a step ended."""
    counted = f", {line.counted()}" if line.counts else ""
    return f"{line.name}: {line.status.value} after {duration(line.seconds())}{counted}"
