"""Run services the way the ECS scheduler does.

MiniStack 1.5.33 takes a task for ready as soon as its container runs: rollouts finish, and old tasks stop, before a
target is healthy; failed health checks neither replace a task nor count for the circuit breaker; a new service is
born COMPLETED; tasks are killed without draining. Unnecessary once it waits for target health.

One scheduler thread looks at every service, several times a second when something happened. Deviation: a running task
counts in `runningCount` only once it is ready, so that a steady state always means a healthy one.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import ecs

from local.adapter import _deployments, _service, _stopping, shutdown, target_health
from local.adapter._background import isolated
from local.adapter._patching import around, around_action
from local.adapter._plan import step

TICK_SECONDS = 1.0
KEEP_STOPPED_SECONDS = 3600

# What MiniStack does at these moments, the next look at the service does.
_EVENTS = (
    "_reconcile_service_tasks",
    "_schedule_service_deployment_completion",
    "_complete_service_deployment",
    "_record_service_task_failure",
    "_record_service_task_healthy",
)

_woken = threading.Event()

Record = dict[str, Any]


def install() -> None:
    """Replace MiniStack's scheduler by this one."""
    around(app, "_load_persisted_state")(_start)
    around(ecs, "_make_deployment")(_deployments.begin)
    around(ecs, "_refresh_service_state")(_refresh)
    for name in _EVENTS:
        around(ecs, name)(_wake)
    around(ecs, "_stop_task")(_stop_task)
    around_action(ecs, "StopTask")(_stop_task)
    around_action(ecs, "CreateService")(_create)
    around_action(ecs, "DeleteService")(_delete)
    target_health.listeners.append(_woken.set)


def _wake(_original: Callable[..., Any], *_: Any, **__: Any) -> None:
    _woken.set()


def _start(load: Callable[[], None]) -> None:
    load()
    threading.Thread(target=_run, name="berth-scheduler", daemon=True).start()


def _run() -> None:
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="berth-scheduler")
    while not shutdown.closing.is_set():
        _woken.wait(TICK_SECONDS)
        _woken.clear()
        for (account, region, key), service in ecs._services.all_items():
            with request_scope(account, region):
                isolated(pool, _look, key, service)
        # A burst of changes is one look.
        time.sleep(0.1)


def _look(key: str, service: Record) -> None:
    cluster = key.split("/", 1)[0]
    if service["status"] == "ACTIVE":
        _schedule(cluster, service)
    elif service["status"] == "DRAINING":
        _empty(cluster, service)


def _schedule(cluster: str, service: Record) -> None:
    _deployments.judge_tasks(service)
    _deployments.break_circuit(service)
    primary = ecs._primary_deployment(service)
    planned = step(
        _service.rules(service),
        _service.tasks(service),
        rolling=primary["rolloutState"] != "COMPLETED",
        failed=primary["rolloutState"] == "FAILED",
    )
    _stopping.begin(cluster, service, planned.stop)
    _service.launch(cluster, service, planned.start)
    _publish(cluster, service)
    _deployments.settle(service)
    _prune(service)


def _empty(cluster: str, service: Record) -> None:
    """Stop every task of a deleted service; it is gone when they are."""
    alive = _service.alive(service)
    _stopping.begin(cluster, service, tuple(task["taskArn"] for task in alive))
    _publish(cluster, service)
    if not alive:
        service["status"] = "INACTIVE"
        service["deployments"] = []


def _refresh(_original: Callable[..., None], cluster: str, group: str) -> None:
    service = ecs._services.get(f"{cluster}/{(group or '').removeprefix('service:')}")
    if service and group.startswith("service:"):
        _publish(cluster, service)
        _woken.set()


def _publish(cluster: str, service: Record) -> None:
    """Bring counts and targets up to date."""
    _service.count(service)
    ecs._sync_service_targets(cluster, service)
    ecs._recount_cluster(cluster)


def _stop_task(original: Callable[..., Any], data: Record) -> Any:
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    task = cluster and ecs._resolve_task(data.get("task", ""), cluster)
    service = task and _service.of(task)
    if not service or task["lastStatus"] == "STOPPED":
        return original(data)
    reason = data.get("reason") or "Task stopped by user"
    _stopping.begin(cluster, service, (task["taskArn"],), reason, "UserInitiated")
    _publish(cluster, service)
    return ecs.json_response({"task": ecs._sanitize(task)})


def _create(original: Callable[..., Any], data: Record) -> Any:
    unused = _service.unused_groups(data)
    if unused:
        text = f"The target group with targetGroupArn {unused[0]} does not have an associated load balancer."
        return ecs.error_response_json("InvalidParameterException", text, 400)
    return original(data)


def _delete(original: Callable[..., Any], data: Record) -> Any:
    """Let the scheduler stop the tasks, all at once and drained, before the service is gone."""
    service = _service.find(data)
    if not service or service["status"] != "ACTIVE" or (service["desiredCount"] and not data.get("force")):
        return original(data)
    service.update(status="DRAINING", desiredCount=0)
    _woken.set()
    return ecs.json_response({"service": ecs._sanitize(service)})


def _prune(service: Record) -> None:
    """Forget stopped tasks after an hour, as ECS does."""
    for task in _service.stopped(service):
        if time.time() - _service.stopped_at(task) > KEEP_STOPPED_SECONDS:
            ecs._tasks.pop(task["taskArn"], None)
            ecs._tags.pop(task["taskArn"], None)
