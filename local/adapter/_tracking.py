"""Scale services to their limits and their target-tracking policies.

As on AWS: out as soon as the metric has been above its target for three measurements, in when it has been a tenth
below for fifteen, never within a cooldown. A measurement is taken every ten seconds where AWS takes one a minute.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import ecs

from local.adapter import _measure, application_autoscaling
from local.adapter._background import isolated
from local.adapter._patching import around

PERIOD_SECONDS = 10.0
OUT_MEASUREMENTS = 3
IN_MEASUREMENTS = 15
IN_MARGIN = 0.9
DEFAULT_COOLDOWN_SECONDS = 300

Record = dict[str, Any]

_history: dict[str, deque[float]] = {}


def install() -> None:
    """Start to look after the state is loaded."""
    around(app, "_load_persisted_state")(_start)


def _start(load: Callable[[], None]) -> None:
    load()
    threading.Thread(target=_run, name="berth-autoscaling", daemon=True).start()


def _run() -> None:
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="berth-autoscaling")
    while True:
        for (account, region, _), target in application_autoscaling.targets.all_items():
            with request_scope(account, region):
                isolated(pool, look, target)
        application_autoscaling.changed.wait(PERIOD_SECONDS)
        application_autoscaling.changed.clear()


def look(target: Record) -> None:
    """Bring one service within its limits, then follow its policies."""
    found = application_autoscaling.service_of(target["ResourceId"])
    if not found:
        return
    cluster, service = found
    desired = service["desiredCount"]
    wanted = max([_followed(target, policy, service) for policy in _policies(target)], default=desired)
    wanted = min(max(wanted, target["MinCapacity"]), target["MaxCapacity"])
    if wanted != desired and _still_holds(target, service, desired):
        _set(target, cluster, service, wanted)


def _still_holds(target: Record, service: Record, desired: int) -> bool:
    """Measuring takes a while: whoever deletes a service takes its target away and sets its count to 0 meanwhile."""
    registered = any(each is target for each in application_autoscaling.targets.values())
    return registered and service["desiredCount"] == desired


def _policies(target: Record) -> list[Record]:
    return [
        policy
        for policy in application_autoscaling.policies.values()
        if policy["PolicyType"] == "TargetTrackingScaling" and policy["ResourceId"] == target["ResourceId"]
    ]


def _followed(target: Record, policy: Record, service: Record) -> int:
    """Give the count that one policy wants."""
    config = policy["TargetTrackingScalingPolicyConfiguration"]
    value = _measure.metric(config.get("PredefinedMetricSpecification") or {}, service)
    desired = service["desiredCount"]
    if value is None:
        return desired
    values = _history.setdefault(policy["PolicyARN"], deque(maxlen=IN_MEASUREMENTS))
    values.append(value)
    wanted = decide(values, config["TargetValue"], desired)
    return wanted if _allowed(target, config, wanted - desired) else desired


def decide(values: Sequence[float], goal: float, count: int) -> int:
    """Give the count that brings the metric to its goal, if the last measurements agree."""
    recent = list(values)[-OUT_MEASUREMENTS:]
    if len(recent) == OUT_MEASUREMENTS and min(recent) > goal:
        return math.ceil(count * (sum(recent) / len(recent)) / goal)
    if len(values) == IN_MEASUREMENTS and max(values) < IN_MARGIN * goal:
        return max(1, math.ceil(count * (sum(values) / len(values)) / goal))
    return count


def _allowed(target: Record, config: Record, change: int) -> bool:
    waited = time.time() - target.get("_changed", 0)
    if change > 0:
        return waited >= config.get("ScaleOutCooldown", DEFAULT_COOLDOWN_SECONDS)
    return not config.get("DisableScaleIn") and waited >= config.get("ScaleInCooldown", DEFAULT_COOLDOWN_SECONDS)


def _set(target: Record, cluster: str, service: Record, wanted: int) -> None:
    before = service["desiredCount"]
    target["_changed"] = time.time()
    application_autoscaling.note(target, before, wanted, "capacity limits or target tracking")
    for policy in _policies(target):
        _history.pop(policy["PolicyARN"], None)
    ecs._update_service({"cluster": cluster, "service": service["serviceName"], "desiredCount": wanted})
