"""How a service's task leaves: deregistered and drained first, then stopped like any task."""

import time
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.services import ecs

from local.adapter import _service, _targets, task_stop
from local.adapter._plan import Condition

POLL_SECONDS = 0.1
_SCHEDULER = "ServiceSchedulerInitiated"

Record = dict[str, Any]


def begin(cluster: str, service: Record, arns: tuple[str, ...], reason: str = "", code: str = _SCHEDULER) -> None:
    """Start to stop tasks, side by side; a stopping task counts for nothing any more."""
    for task in _service.alive(service):
        if task["taskArn"] in arns and not task.get("_stopping"):
            _begin(cluster, service, task, reason or _reason(service, task), code)


def _begin(cluster: str, service: Record, task: Record, reason: str, code: str) -> None:
    if task["lastStatus"] != "RUNNING":
        task_stop.end(task, reason, code)
        return
    # A task that deregisters is no longer one of the service's targets, but still wanted by its watcher.
    task.update(_stopping=True, lastStatus="DEACTIVATING", stoppedReason=reason)
    spawn_background(_finish, cluster, service, task, reason, code, thread_name=f"berth-stop-{task['taskArn'][-8:]}")


def _reason(service: Record, task: Record) -> str:
    if service["status"] == "DRAINING":
        return "Service deleted"
    if _service.condition(service, task) is Condition.UNHEALTHY:
        return f"Task {_service.complaint(service, task)}"
    return f"Scaling activity initiated by (deployment {ecs._primary_deployment(service)['id']})"


def _finish(cluster: str, service: Record, task: Record, reason: str, code: str) -> None:
    ecs._sync_service_targets(cluster, service)
    _drain(service, task)
    task_stop.end(task, reason, code)


def _drain(service: Record, task: Record) -> None:
    """Wait until no request is in flight; the deregistration delay bounds it."""
    address = ecs._task_ip(task)
    places = [(lb.get("targetGroupArn"), address, lb["containerPort"]) for lb in service.get("loadBalancers") or []]
    _targets.refresh()
    while any(_targets.find(*place) for place in places):
        time.sleep(POLL_SECONDS)
        _targets.refresh()
