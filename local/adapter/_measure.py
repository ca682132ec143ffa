"""Measure a service for target tracking: processor, memory, requests a target."""

import time
from collections.abc import Callable
from typing import Any

import requests
from docker.errors import APIError
from ministack.services import ecs

from local.adapter import _service, _targets

_NANOSECONDS = 1_000_000_000
_UNITS_A_CORE = 1024
_MIB = 1024 * 1024

Record = dict[str, Any]

# Processor seconds and requests seen last, with the time of looking.
_last: dict[str, tuple[float, float]] = {}


def metric(specification: Record, service: Record) -> float | None:
    """Give the metric's present value; None where there is none yet, or nothing measures it."""
    measure = _METRICS.get(specification.get("PredefinedMetricType", ""))
    return measure(specification, service) if measure else None


def _rate(key: str, total: float) -> float | None:
    """Give the growth a second since the last look."""
    now = time.monotonic()
    before = _last.get(key)
    _last[key] = (total, now)
    return (total - before[0]) / (now - before[1]) if before and now > before[1] else None


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _running(service: Record) -> list[tuple[Record, Record]]:
    tasks = [task for task in _service.alive(service) if task["lastStatus"] == "RUNNING"]
    pairs = [(task, ecs._task_defs.get(ecs._resolve_td_key(task["taskDefinitionArn"])) or {}) for task in tasks]
    return [(task, definition) for task, definition in pairs if definition]


def _stats(task: Record) -> list[Record]:
    client = ecs._get_docker()
    found = []
    for identity in list(task.get("_docker_ids") or []) if client else []:
        try:
            found.append(client.api.stats(identity, stream=False, one_shot=True))
        except (APIError, requests.RequestException):
            continue
    return found


def _size(definition: Record, field: str) -> int:
    """Give what a task reserves; 0 if it reserves nothing."""
    containers = definition.get("containerDefinitions", [])
    return int(definition.get(field) or sum(container.get(field) or 0 for container in containers))


def _processor(_: Record, service: Record) -> float | None:
    return _mean([_processor_of(task, definition) for task, definition in _running(service)])


def _processor_of(task: Record, definition: Record) -> float | None:
    stats = _stats(task)
    used = sum(each.get("cpu_stats", {}).get("cpu_usage", {}).get("total_usage", 0) for each in stats) / _NANOSECONDS
    rate = _rate(task["taskArn"], used) if stats else None
    reserved = (_size(definition, "cpu") or _UNITS_A_CORE) / _UNITS_A_CORE
    return None if rate is None else 100 * rate / reserved


def _memory(_: Record, service: Record) -> float | None:
    return _mean([_memory_of(task, definition) for task, definition in _running(service)])


def _memory_of(task: Record, definition: Record) -> float | None:
    reserved = _size(definition, "memory") * _MIB
    used = sum(_resident(each.get("memory_stats", {})) for each in _stats(task))
    return 100 * used / reserved if reserved and used else None


def _resident(memory: Record) -> int:
    pages = memory.get("stats", {})
    return memory.get("usage", 0) - pages.get("inactive_file", pages.get("total_inactive_file", 0))


def _requests(specification: Record, service: Record) -> float | None:
    """Measure requests a minute and target; the label names the group as `app/<lb>/<id>/targetgroup/<name>/<id>`."""
    label = "targetgroup/" + specification.get("ResourceLabel", "").partition("targetgroup/")[2]
    group = next((arn for arn in _targets.groups() if arn.endswith(label)), "")
    rate = _rate(f"{service['serviceArn']} {label}", _targets.requests(group))
    return None if rate is None else 60 * rate / max(1, len(_targets.of_group(group)))


_METRICS: dict[str, Callable[[Record, Record], float | None]] = {
    "ECSServiceAverageCPUUtilization": _processor,
    "ECSServiceAverageMemoryUtilization": _memory,
    "ALBRequestCountPerTarget": _requests,
}
