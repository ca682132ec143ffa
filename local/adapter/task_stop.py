"""End a task as ECS does: the stop signal, the stop timeout, then STOPPED with the containers' real exit codes.

MiniStack 1.5.33 says STOPPED with exit code 0 before it stops anything, and kills after five seconds. Unnecessary once
StopTask keeps to stopTimeout and reports the containers' own exit codes. Tasks of services are ended by `rollout`.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker
import requests
from docker.errors import APIError
from docker.models.containers import Container
from ministack.core.concurrency import resource_lock
from ministack.core.responses import get_account_id, get_region, json_response, request_scope
from ministack.services import ecs, ecs_metadata

from local import engine
from local.adapter import task_logs
from local.adapter._patching import Function, around, around_action

Task = dict[str, Any]

_KILLED = 137


def install() -> None:
    """Replace the way a task ends."""
    around(ecs, "_stop_task")(_stop_task)
    around_action(ecs, "StopTask")(_stop_task)
    around(ecs, "_remove_docker_container")(_remove)


def _stop_task(original: Function, data: dict) -> tuple:
    task = ecs._resolve_task(data.get("task", ""), ecs._resolve_cluster_name(data.get("cluster", "default")))
    if not task:
        return original(data)
    end(task, data.get("reason", "Task stopped by user"), "UserInitiated")
    return json_response({"task": ecs._sanitize(task)})


def end(task: Task, reason: str, code: str) -> bool:
    """Begin to stop a task, whose containers then end in the background; False where that was under way."""
    if not _begin(task, reason, code):
        return False
    arguments = (task, engine.connect(), get_account_id(), get_region())
    if task.get("_docker_ids"):
        threading.Thread(target=_finish, args=arguments, name="stop-task", daemon=True).start()
    else:
        _finish(*arguments)
    return True


def _begin(task: Task, reason: str, code: str) -> bool:
    arn = task["taskArn"]
    with resource_lock("ecs-task", arn):
        if not ecs._task_is_active(arn, task):
            return False
        ecs._bump_task_version(task)
        now = ecs._iso()
        task |= {"desiredStatus": "STOPPED", "lastStatus": "STOPPING", "stoppingAt": now}
        # What `rollout` marks and counts no more.
        task |= {"stoppedReason": reason, "stopCode": code, "_stopping": True}
    ecs_metadata.set_task_status(arn, known_status="STOPPING", desired_status="STOPPED")
    _recount(task)
    return True


def _finish(task: Task, client: docker.DockerClient | None, account: str, region: str) -> None:
    with request_scope(account, region):
        codes = _stop_containers(client, task) if client else {}
        ecs._cleanup_task_resources(task, client)
        _mark_stopped(task, codes)


def _stop_containers(client: docker.DockerClient, task: Task) -> dict[int, int]:
    ids = list(task.get("_docker_ids") or [])
    if not ids:
        return {}
    with ThreadPoolExecutor(max_workers=len(ids)) as pool:
        return dict(enumerate(pool.map(lambda container: exit_code(client, container), ids)))


def exit_code(client: docker.DockerClient, container_id: str) -> int:
    """Stop a container within its own timeout and give its exit code."""
    try:
        container = client.containers.get(container_id)
        container.stop()
        return container.wait()["StatusCode"]
    except (APIError, requests.RequestException):
        # Removed by somebody else, or gone with its daemon.
        return _KILLED


def _mark_stopped(task: Task, codes: dict[int, int]) -> None:
    arn = task["taskArn"]
    with resource_lock("ecs-task", arn):
        ecs._bump_task_version(task)
        now = ecs._iso()
        task |= {"lastStatus": "STOPPED", "stoppedAt": now, "executionStoppedAt": task.get("executionStoppedAt") or now}
        for index, container in enumerate(task.get("containers") or []):
            container["lastStatus"] = "STOPPED"
            if container.get("exitCode") is None and index in codes:
                container["exitCode"] = codes[index]
    ecs_metadata.set_task_status(arn, known_status="STOPPED", desired_status="STOPPED")
    ecs_metadata.set_all_container_status(arn, "STOPPED")
    _recount(task)


def _recount(task: Task) -> None:
    cluster = ecs._cluster_name_from_arn(task.get("clusterArn", ""))
    if cluster:
        ecs._recount_cluster(cluster)
        ecs._refresh_service_state(cluster, task.get("group", ""))


def _remove(original: Function, client: docker.DockerClient | None, container: Container | str | None) -> None:
    del original
    if not client or container is None:
        return
    try:
        found = client.containers.get(getattr(container, "id", container))
        found.stop()
        task_logs.drain(found.id)
        found.remove(v=True, force=True)
    except (APIError, requests.RequestException) as error:
        ecs.logger.info("container %s is gone already: %s", container, error)
