"""The states of a service's deployments: begun, completed, failed, rolled back."""

from collections.abc import Callable
from typing import Any

from ministack.services import ecs

from local.adapter import _service
from local.adapter._plan import Condition

Record = dict[str, Any]

_FAILED = ("EssentialContainerExited", "TaskFailedToStart")


def begin(original: Callable[..., Record], *args: Any, **kwargs: Any) -> Record:
    """Make a deployment that still has to prove itself, the first of a service too."""
    made = original(*args, **kwargs)
    _set(made, "IN_PROGRESS", f"ECS deployment {made['id']} in progress.")
    return made


def _set(deployment: Record, state: str, reason: str) -> None:
    deployment.update(rolloutState=state, rolloutStateReason=reason, updatedAt=ecs._iso())


def count_failure(service: Record, task: Record) -> None:
    """Count a failed task of the deployment under way, once, and slow the next start down."""
    deployment = _service.deployment(service, task)
    if task.get("_counted") or not deployment:
        return
    task["_counted"] = True
    _service.back_off(service)
    if deployment["rolloutState"] == "IN_PROGRESS":
        deployment["failedTasks"] = deployment.get("failedTasks", 0) + 1
        deployment["_last_failure"] = task.get("stoppedReason") or f"Task {_service.complaint(service, task)}"


def judge_tasks(service: Record) -> None:
    """Count tasks that failed, by their end or by their health checks; a ready one ends the row of failures."""
    for task in [*_service.stopped(service), *_service.alive(service)]:
        if task.get("stopCode") in _FAILED:
            count_failure(service, task)
    for task in _service.alive(service):
        condition = _service.condition(service, task)
        if condition is Condition.UNHEALTHY and not task.get("_counted"):
            _service.event(service, f"(task {_id(task)}) {_service.complaint(service, task)}; it is unhealthy.")
            count_failure(service, task)
        elif condition is Condition.READY and not task.get("_proven"):
            task["_proven"] = True
            _prove(service, task)


def _id(task: Record) -> str:
    return task["taskArn"].rsplit("/", 1)[-1]


def _prove(service: Record, task: Record) -> None:
    service["_failures"] = 0
    deployment = _service.deployment(service, task)
    if deployment and _breaker(service).get("resetOnHealthyTask", True):
        deployment["failedTasks"] = 0


def _breaker(service: Record) -> Record:
    return (service.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}


def break_circuit(service: Record) -> None:
    """Fail a deployment with too many failed tasks, and go back to the last completed one where that is wanted."""
    primary = ecs._primary_deployment(service)
    under_way = primary["rolloutState"] == "IN_PROGRESS" and _breaker(service).get("enable")
    if not under_way or primary.get("failedTasks", 0) < ecs._circuit_breaker_threshold(service):
        return
    reason = f"ECS deployment circuit breaker: tasks failed to start: {primary.get('_last_failure', '')}"
    _set(primary, "FAILED", reason)
    primary["desiredCount"] = 0
    _service.event(service, f"(deployment {primary['id']}) deployment failed: tasks failed to start.")
    if _breaker(service).get("rollback"):
        _roll_back(service, primary)


def _roll_back(service: Record, failed: Record) -> None:
    completed = [each for each in service["deployments"] if each["rolloutState"] == "COMPLETED" and each is not failed]
    if not completed:
        return
    previous = completed[0]
    failed["status"], previous["status"] = "ACTIVE", "PRIMARY"
    _set(previous, "IN_PROGRESS", f"ECS deployment circuit breaker: rolling back to deploymentId {previous['id']}.")
    previous.update(desiredCount=service["desiredCount"], failedTasks=0)
    service["taskDefinition"] = previous["taskDefinition"]
    service["_launch_after"] = 0
    _service.event(service, f"rolling back to deployment {previous['id']}.")


def settle(service: Record) -> None:
    """Complete the deployment when all its tasks, and no others, are ready; forget the drained ones."""
    primary = ecs._primary_deployment(service)
    current = [task for task in _service.tasks(service) if task.current]
    others = [task for task in _service.tasks(service) if not task.current]
    ready = [task for task in current if task.condition is Condition.READY]
    steady = len(ready) == len(current) == service["desiredCount"] and not others
    if steady and primary["rolloutState"] == "IN_PROGRESS":
        _set(primary, "COMPLETED", f"ECS deployment {primary['id']} completed.")
        _service.event(service, f"(deployment {primary['id']}) deployment completed.")
    if steady and not service.get("_steady"):
        _service.event(service, "has reached a steady state.")
    service["_steady"] = steady
    if primary["rolloutState"] == "COMPLETED":
        service["deployments"] = [each for each in service["deployments"] if each is primary or _occupied(each)]


def _occupied(deployment: Record) -> bool:
    return bool(deployment["runningCount"] or deployment["pendingCount"])
