"""A site's log from CloudWatch: the newest lines, or on and on."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from modules.naming import Naming
from ops.errors import OpsError
from ops.place import Place

POLL_SECONDS = 1.5
OVERLAP_MS = 10_000
"""Lines may arrive late: each look goes back this far, and shows only what it has not shown."""


def lines(place: Place, site: str, *, newest: int = 200, follow: bool = False) -> Iterator[str]:
    """Yield the log of `site`, oldest line first: the `newest` ones, then with `follow` every new one."""
    if site not in place.config.sites:
        known = ", ".join(place.config.sites) or "none"
        msg = f"SITE: there is no such site, got {site!r}; allowed: {known}"
        raise OpsError(msg)
    group = Naming(environment=place.env, site=site).log_group
    events = sorted(_events(place, group, 0), key=lambda event: event["timestamp"])[-newest:]
    yield from map(line, events)
    if follow:
        yield from _new_lines(place, group, events)


def line(event: dict[str, Any]) -> str:
    """Write one line of output: time, the stream's job and the start of its task id, message."""
    moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    job, *_, task = event["logStreamName"].split("/")
    return f"{moment} {job}/{task[:8]} {event['message'].rstrip()}"


def _new_lines(place: Place, group: str, shown: list[dict[str, Any]]) -> Iterator[str]:
    seen = {event["eventId"]: event["timestamp"] for event in shown}
    since = max(seen.values(), default=0)
    while True:
        time.sleep(POLL_SECONDS)
        fresh = [event for event in _events(place, group, since - OVERLAP_MS) if event["eventId"] not in seen]
        yield from map(line, sorted(fresh, key=lambda event: event["timestamp"]))
        seen |= {event["eventId"]: event["timestamp"] for event in fresh}
        since = max(seen.values(), default=since)
        seen = {name: moment for name, moment in seen.items() if moment >= since - OVERLAP_MS}


def _events(place: Place, group: str, since: int) -> Iterator[dict[str, Any]]:
    logs = place.client("logs")
    try:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=max(since, 0)):
            yield from page["events"]
    except logs.exceptions.ResourceNotFoundException as error:
        msg = f"there is no log {group} yet; run make create-all first"
        raise OpsError(msg) from error
