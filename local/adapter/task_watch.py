"""Follow a task's containers: their health, their end, their exit codes.

MiniStack 1.5.33 asks Docker about each container ten times a second, knows no health, gives every container the highest
exit code, and keeps a task RUNNING whose container was removed. Unnecessary once `ecs._maybe_mark_stopped` does all of
it.
"""

import time
from typing import Any

import docker
import requests
from docker.errors import APIError, NotFound
from docker.models.containers import Container
from ministack.core.concurrency import resource_lock, spawn_background
from ministack.core.responses import request_scope
from ministack.services import ecs

from local import engine
from local.adapter import task_logs, task_stop
from local.adapter._patching import Function, around

Task = dict[str, Any]

INTERVAL_SECONDS = 0.5
_HEALTH = {"healthy": "HEALTHY", "unhealthy": "UNHEALTHY"}
_GONE = {"Status": "exited", "ExitCode": 137}


def install() -> None:
    """Replace the watcher and what it does at each look."""
    around(ecs, "_maybe_mark_stopped")(_look)
    around(ecs, "_watch_task_lifecycle")(_watch)


def _watch(original: Function, task: Task, client: docker.DockerClient, account: str, region: str) -> None:
    del original

    def follow() -> None:
        with request_scope(account, region):
            while ecs._task_is_active(task["taskArn"], task):
                ecs._maybe_mark_stopped(task, client)
                time.sleep(INTERVAL_SECONDS)

    spawn_background(follow, thread_name=f"watch-{task['taskArn'].rsplit('/', 1)[-1][:8]}")
    _certify_later(task, account, region)


def _certify_later(task: Task, account: str, region: str) -> None:
    cluster, group = ecs._cluster_name_from_arn(task.get("clusterArn", "")), task.get("group", "")
    if cluster and group.startswith("service:"):
        key = f"{cluster}/{group.removeprefix('service:')}"
        ecs._schedule_service_deployment_completion(cluster, key, account, region, healthy_task=task)


def _look(original: Function, task: Task, client: docker.DockerClient | None = None) -> None:
    del original
    ids = list(task.get("_docker_ids") or [])
    client = client or engine.connect()
    if task.get("lastStatus") != "RUNNING" or not ids or not client:
        return
    try:
        states = [_state(client, container) for container in ids]
    except (APIError, requests.RequestException):
        # A daemon that does not answer proves nothing about the container.
        return
    _record(task, ids, states)
    _judge(task, states)


def _state(client: docker.DockerClient, container_id: str) -> dict:
    try:
        container: Container = client.containers.get(container_id)
    except NotFound:
        return _GONE
    return container.attrs["State"]


def _record(task: Task, ids: list[str], states: list[dict]) -> None:
    for container_id, state in zip(ids, states, strict=True):
        if state["Status"] == "exited":
            task_logs.drain(container_id)
    with resource_lock("ecs-task", task["taskArn"]):
        for container, state in zip(task["containers"], states, strict=False):
            container.update(observed(state))
        task["healthStatus"] = task_health(task)


def observed(state: dict) -> dict[str, Any]:
    """Translate Docker's state of a container into the fields of an ECS container."""
    if state["Status"] != "exited":
        return {"healthStatus": _HEALTH.get((state.get("Health") or {}).get("Status", ""), "UNKNOWN")}
    # Docker calls an ended container unhealthy; its health stays what it was.
    killed = {"reason": "OutOfMemoryError: Container killed due to memory usage"} if state.get("OOMKilled") else {}
    return {"lastStatus": "STOPPED", "exitCode": state["ExitCode"]} | killed


def task_health(task: Task) -> str:
    """Sum up the health of the essential containers."""
    found = {
        container["healthStatus"]
        for container, essential in zip(task["containers"], task["_container_essentials"], strict=True)
        if essential
    }
    return next((health for health in ("UNHEALTHY", "UNKNOWN") if health in found), "HEALTHY")


def _judge(task: Task, states: list[dict]) -> None:
    ended = [state["Status"] == "exited" for state in states]
    essential = any(gone and need for gone, need in zip(ended, task["_container_essentials"], strict=False))
    if not (essential or all(ended)):
        return
    if task_stop.end(task, "Essential container in task exited", "EssentialContainerExited"):
        ecs._record_service_task_failure(task)
