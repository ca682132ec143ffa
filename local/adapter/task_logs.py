"""Deliver every line of a container to its log stream, also of one that ends at once.

MiniStack 1.5.33 reads the lines in a thread that nobody waits for: a task is STOPPED and its container removed while
lines are under way; it stamps them with the time of reading, and it starts a task whose log group is missing.
Unnecessary once a task is STOPPED only after its lines are stored.
"""

import threading
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import requests
from docker.errors import APIError
from docker.models.containers import Container
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import cloudwatch_logs, ecs

from local.adapter._patching import Function, around

Definition = dict[str, Any]
Event = dict[str, Any]

_DRAIN_SECONDS = 15

_forwarders: dict[str, threading.Thread] = {}


def install() -> None:
    """Replace the forwarder and check the group before a container starts."""
    around(ecs, "_build_run_kwargs")(_with_group_checked)
    around(ecs, "_start_awslogs_forwarder")(_start)


def drain(container_id: str) -> None:
    """Wait until the lines of an ended container are stored."""
    forwarder = _forwarders.get(container_id)
    if forwarder:
        # Whoever asks waits: the watcher and a DescribeTasks may come at once.
        forwarder.join(_DRAIN_SECONDS)
        _forwarders.pop(container_id, None)


def _with_group_checked(original: Function, cdef: Definition, *args: Any) -> Definition:
    config = ecs._awslogs_config(cdef, "task", "container")
    if config and not config["create_group"]:
        with request_scope(get_account_id(), config["region"] or get_region()):
            if config["group"] not in cloudwatch_logs._log_groups:
                raise ValueError(f"failed to validate logger args: log group {config['group']} does not exist")
    return original(cdef, *args)


def _start(original: Function, container: Container, cdef: Definition, task_id: str) -> None:
    del original
    config = ecs._awslogs_config(cdef, task_id, container.id)
    if not config:
        return
    arguments = (container, config, get_account_id(), config["region"] or get_region())
    thread = threading.Thread(target=_forward, args=arguments, daemon=True, name=f"awslogs-{task_id[:8]}")
    _forwarders[container.id] = thread
    thread.start()


def _forward(container: Container, config: Definition, account: str, region: str) -> None:
    with request_scope(account, region):
        if not ecs._ensure_awslogs_stream(config):
            return
        try:
            for event in events(container.logs(stream=True, follow=True, timestamps=True)):
                _store(config, event)
        except (APIError, requests.RequestException) as error:
            ecs.logger.warning("lines of container %s are lost: %s", container.id, error)


def _store(config: Definition, event: Event) -> None:
    cloudwatch_logs._put_log_events(
        {"logGroupName": config["group"], "logStreamName": config["stream"], "logEvents": [event]}
    )


def events(entries: Iterable[bytes]) -> Iterator[Event]:
    """Make log events of Docker's stamped entries; those of one long line are joined again."""
    held: list[str] = []
    for entry in entries:
        stamp, _, text = entry.decode("utf-8", errors="replace").partition(" ")
        held.append(text.rstrip("\r\n"))
        if text.endswith("\n"):
            yield {"timestamp": milliseconds(stamp), "message": "".join(held)}
            held = []
    if held:
        yield {"timestamp": milliseconds(stamp), "message": "".join(held)}


def milliseconds(stamp: str) -> int:
    """Read Docker's time stamp, which has nanoseconds."""
    seconds, _, fraction = stamp.rstrip("Z").partition(".")
    whole = datetime.fromisoformat(f"{seconds}+00:00")
    return int(whole.timestamp() * 1000) + int(f"{fraction:0<3}"[:3])
