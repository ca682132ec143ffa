"""What the scheduler reads from a service's record, and how it starts tasks for it."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import alb, ecs

from local.adapter import _targets
from local.adapter._plan import Condition, Rules, Task

STARTUP_SECONDS = 1.0
MAX_BACKOFF_SECONDS = 30.0
KEPT_EVENTS = 100

Record = dict[str, Any]


def find(data: Record) -> Record | None:
    """Find the service that a call names."""
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    named = ecs._resolve_service_ref(data.get("service", ""))
    return ecs._services.get(f"{cluster}/{named[0]}") if cluster and named else None


def of(task: Record) -> Record | None:
    """Find the service that a task belongs to."""
    cluster = ecs._cluster_name_from_arn(task.get("clusterArn", ""))
    group = task.get("group") or ""
    return ecs._services.get(f"{cluster}/{group.removeprefix('service:')}") if group.startswith("service:") else None


def _all(service: Record) -> list[Record]:
    group = f"service:{service['serviceName']}"
    return [
        task
        for task in ecs._tasks.values()
        if task.get("group") == group and task["clusterArn"] == service["clusterArn"]
    ]


def alive(service: Record) -> list[Record]:
    """Give the service's tasks that are not yet stopped, those that are stopping included."""
    return [task for task in _all(service) if task["lastStatus"] != "STOPPED"]


def stopped(service: Record) -> list[Record]:
    """Give the service's stopped tasks."""
    return [task for task in _all(service) if task["lastStatus"] == "STOPPED"]


def rules(service: Record) -> Rules:
    """Read the desired count and the limits of a deployment."""
    settings = service.get("deploymentConfiguration") or {}
    limits = (int(settings.get("minimumHealthyPercent", 100)), int(settings.get("maximumPercent", 200)))
    return Rules(int(service["desiredCount"]), *limits)


def tasks(service: Record) -> list[Task]:
    """Describe the tasks that are not stopping as the plan sees them."""
    primary = ecs._primary_deployment(service)
    return [
        Task(task["taskArn"], condition(service, task), deployment(service, task) is primary, task["createdAt"])
        for task in alive(service)
        if not task.get("_stopping")
    ]


def deployment(service: Record, task: Record) -> Record | None:
    """Find the deployment that a task was started by."""
    return ecs._deployment_for_task(service, task)


def condition(service: Record, task: Record) -> Condition:
    """Judge a task by its state, its containers' health and its targets' health."""
    if task["lastStatus"] != "RUNNING":
        return Condition.STARTING
    if not task.get("_docker_ids"):
        # Recorded on a machine without containers: nothing can be asked of it.
        return Condition.READY
    if complaint(service, task):
        grace = float(service.get("healthCheckGracePeriodSeconds") or 0)
        return Condition.STARTING if _age(task) < grace else Condition.UNHEALTHY
    return Condition.READY if _ready(service, task) else Condition.STARTING


def complaint(service: Record, task: Record) -> str:
    """Say which health check the task fails, in the words of ECS; empty if none."""
    if task.get("healthStatus") == "UNHEALTHY":
        return "failed container health checks"
    for group, target in _registrations(service, task):
        if target and target.state == _targets.UNHEALTHY:
            return f"failed ELB health checks in (target-group {group})"
    return ""


def _registrations(service: Record, task: Record) -> list[tuple[str, _targets.Target | None]]:
    address = ecs._task_ip(task)
    return [
        (balancer["targetGroupArn"], _targets.find(balancer["targetGroupArn"], address, balancer["containerPort"]))
        for balancer in service.get("loadBalancers") or []
        if alb._tgs.get(balancer.get("targetGroupArn"))
    ]


def _ready(service: Record, task: Record) -> bool:
    """Tell whether every check has passed; a task without one is ready when it has survived its start."""
    registrations = _registrations(service, task)
    checked = _checked(task)
    if not registrations and not checked:
        return _age(task) >= STARTUP_SECONDS
    passed = {container["name"] for container in task["containers"] if container.get("healthStatus") == "HEALTHY"}
    return checked <= passed and all(target and target.state == _targets.HEALTHY for _, target in registrations)


def _checked(task: Record) -> set[str]:
    """Name the essential containers that have a health check."""
    definition = ecs._task_defs.get(ecs._resolve_td_key(task["taskDefinitionArn"])) or {}
    return {
        container["name"]
        for container in definition.get("containerDefinitions", [])
        if container.get("healthCheck") and container.get("essential", True)
    }


def _age(task: Record) -> float:
    return time.time() - _seconds(task.get("startedAt"))


def stopped_at(task: Record) -> float:
    """Give the time a task stopped, or now."""
    return _seconds(task.get("stoppedAt"))


def _seconds(text: str | None) -> float:
    return datetime.fromisoformat(text).timestamp() if text else time.time()


def unused_groups(data: Record) -> list[str]:
    """Name the target groups of a call that no listener forwards to; ECS refuses them."""
    named = [balancer.get("targetGroupArn") for balancer in data.get("loadBalancers") or []]
    return [group for group in named if group and not _targets.in_use(group)]


def count(service: Record) -> None:
    """Write the running and pending counts of the service and of its deployments."""
    seen = [(deployment(service, task), task) for task in alive(service) if not task.get("_stopping")]
    _write_counts(service, [task for _, task in seen], service)
    for each in service["deployments"]:
        _write_counts(each, [task for owner, task in seen if owner is each], service)


def _write_counts(record: Record, members: Iterable[Record], service: Record) -> None:
    ready = [condition(service, task) is Condition.READY for task in members]
    record["runningCount"], record["pendingCount"] = sum(ready), len(ready) - sum(ready)


def event(service: Record, text: str) -> None:
    """Add an event to the service's list, newest first."""
    message = f"(service {service['serviceName']}) {text}"
    service["events"].insert(0, {"id": new_uuid(), "createdAt": ecs._iso(), "message": message})
    del service["events"][KEPT_EVENTS:]


def back_off(service: Record) -> None:
    """After a failed task wait before the next start, longer each time."""
    service["_failures"] = service.get("_failures", 0) + 1
    service["_launch_after"] = time.time() + min(MAX_BACKOFF_SECONDS, 2.0 ** (service["_failures"] - 1))


def launch(cluster: str, service: Record, number: int) -> None:
    """Start tasks of the current deployment."""
    primary = ecs._primary_deployment(service)
    definition = ecs._task_defs.get(ecs._resolve_td_key(service["taskDefinition"]))
    if not definition or time.time() < service.get("_launch_after", 0):
        return
    number = _after_first(service, primary, definition, number)
    if number > 0:
        status, *_ = ecs._run_task(_request(cluster, service, primary, definition, number))
        if status < 400:  # noqa: PLR2004 -- HTTP
            event(service, f"has started {number} tasks.")


def _after_first(service: Record, primary: Record, definition: Record, number: int) -> int:
    """Hold all tasks but the first back until it has found out the digest that a tag stands for."""
    if not ecs._get_docker() or not ecs._deployment_needs_first_task(primary, definition, service):
        return number
    return 0 if any(deployment(service, task) is primary for task in alive(service)) else min(number, 1)


def _request(cluster: str, service: Record, primary: Record, definition: Record, number: int) -> Record:
    sources = {"SERVICE": service["serviceArn"], "TASK_DEFINITION": definition["taskDefinitionArn"]}
    tags = ecs._tags.get(sources.get(service.get("propagateTags", ""), ""), [])
    return {
        "cluster": cluster,
        "taskDefinition": service["taskDefinition"],
        "count": number,
        "group": f"service:{service['serviceName']}",
        "startedBy": primary["id"],
        "launchType": service.get("launchType"),
        "capacityProviderStrategy": service.get("capacityProviderStrategy"),
        "platformVersion": service.get("platformVersion", ""),
        "networkConfiguration": service.get("networkConfiguration", {}),
        "enableExecuteCommand": service.get("enableExecuteCommand", False),
        "tags": list(tags),
        "_deploymentId": primary["id"],
    }
