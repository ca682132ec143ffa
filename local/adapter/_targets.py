"""The targets of all target groups: their health, who is draining, and which one gets the next request.

The registrations are MiniStack's; this keeps what it does not know. Nothing here is saved: after a restart every
target is probed anew, as it would be by a new load balancer node.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services import alb

INITIAL, HEALTHY, UNHEALTHY, DRAINING, UNUSED = "initial", "healthy", "unhealthy", "draining", "unused"


@dataclass
class Target:
    """One registered address of a target group; times are of the monotonic clock."""

    group: str
    host: str
    port: int
    state: str = INITIAL
    reason: str = "Elb.RegistrationInProgress"
    description: str = "Target registration is in progress"
    successes: int = 0
    failures: int = 0
    in_flight: int = 0
    probing: bool = False
    next_probe: float = 0.0
    next_count: float = 0.0
    drain_ends: float = 0.0

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from all other targets."""
        return self.group, self.host, self.port

    def become(self, state: str, reason: str = "", description: str = "") -> None:
        """Change the state; the counts of the old one are void."""
        self.state, self.reason, self.description = state, reason, description
        self.successes = self.failures = 0


_known: dict[tuple[str, str, int], Target] = {}
_turns = itertools.count()
_chosen: Counter[str] = Counter()
_refreshing = threading.Lock()


def groups() -> dict[str, dict[str, Any]]:
    """Give all target groups of all accounts and regions by ARN."""
    return {group["TargetGroupArn"]: group for group in alb._tgs.all_values()}


def attribute(group: str, key: str, default: str) -> str:
    """Read one attribute of a target group."""
    for (_, arn), attributes in list(alb._tg_attrs._data.items()):
        if arn == group:
            return next((item["Value"] for item in attributes if item["Key"] == key), default)
    return default


def in_use(group: str) -> bool:
    """Tell whether a listener or a rule forwards to the group."""
    owners = [*alb._listeners.all_values(), *alb._rules.all_values()]
    return any(
        action.get("TargetGroupArn") == group
        for owner in owners
        for action in (owner.get("DefaultActions") or owner.get("Actions") or [])
    )


def _registered(known: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, int]]:
    for (_, arn), targets in list(alb._targets._data.items()):
        if arn in known and known[arn].get("TargetType") != "lambda":
            for target in list(targets):
                yield arn, str(target["Id"]), int(target.get("Port") or known[arn].get("Port", 80))


def refresh() -> list[Target]:
    """Follow the registrations: new targets start, those gone drain; give all that are known."""
    with _refreshing:
        _follow()
        return list(_known.values())


def _follow() -> None:
    wanted = set(_registered(groups()))
    for key in wanted:
        target = _known.setdefault(key, Target(*key))
        if target.state == DRAINING:
            target.become(INITIAL, "Elb.RegistrationInProgress", "Target registration is in progress")
    for key, target in list(_known.items()):
        if key not in wanted:
            _drain(key, target)


def _drain(key: tuple[str, str, int], target: Target) -> None:
    now = time.monotonic()
    if target.state != DRAINING:
        target.become(DRAINING, "Target.DeregistrationInProgress", "Target deregistration is in progress")
        target.drain_ends = now + float(attribute(target.group, "deregistration_delay.timeout_seconds", "300"))
    # As on AWS, deregistration ends at once when no request is in flight.
    if not target.in_flight or now >= target.drain_ends:
        _known.pop(key, None)


def find(group: str, host: str, port: int) -> Target | None:
    """Look up one target."""
    return _known.get((group, host, port))


def of_group(group: str) -> list[Target]:
    """Give the targets of one group."""
    return [target for target in list(_known.values()) if target.group == group]


def choose(group: str) -> Target | None:
    """Take the next target in turn: a healthy one, or any registered one when none is healthy (fail open)."""
    registered = [target for target in refresh() if target.group == group and target.state != DRAINING]
    candidates = [target for target in registered if target.state == HEALTHY] or registered
    _chosen[group] += 1
    return candidates[next(_turns) % len(candidates)] if candidates else None


def requests(group: str) -> int:
    """Count the requests that the group has received since the start."""
    return _chosen[group]
