"""Start a task's containers in the order of dependsOn, each when its conditions hold.

MiniStack 1.5.33 starts them in the order of the task definition and waits for nothing. Unnecessary once
`ecs._start_task_worker` keeps to dependsOn.
"""

import time
from graphlib import TopologicalSorter
from typing import Any

import docker
from docker.models.containers import Container
from ministack.services import ecs

from local.adapter._patching import Function, around

Definition = dict[str, Any]

_POLL_SECONDS = 0.2
_DEFAULT_START_SECONDS = 180


def install() -> None:
    """Sort before the start, wait between the containers."""
    around(ecs, "_start_task_worker")(_sorted)
    around(ecs, "_run_docker_container")(_when_ready)


def _sorted(original: Function, task: Definition, td: Definition, *args: Any) -> None:
    definitions = td["containerDefinitions"]
    places = start_order(definitions)
    # Everything that MiniStack finds by a container's place moves along.
    td = {**td, "containerDefinitions": [definitions[place] for place in places]}
    task["containers"] = [task["containers"][place] for place in places]
    task["_container_essentials"] = [task["_container_essentials"][place] for place in places]
    original(task, td, *args)


def start_order(definitions: list[Definition]) -> list[int]:
    """Give the places of container definitions in the order in which they may start."""
    names = [definition["name"] for definition in definitions]
    needs = {
        definition["name"]: [need["containerName"] for need in definition.get("dependsOn") or []]
        for definition in definitions
    }
    return [names.index(name) for name in TopologicalSorter(needs).static_order()]


def _when_ready(
    original: Function, client: docker.DockerClient, cdef: Definition, run_kwargs: Definition, **options: Any
) -> Container:
    prefix = run_kwargs["name"].removesuffix(cdef["name"])
    deadline = time.monotonic() + cdef.get("startTimeout", _DEFAULT_START_SECONDS)
    for need in cdef.get("dependsOn") or []:
        _wait(client.containers.get(prefix + need["containerName"]), need, deadline)
    return original(client, cdef, run_kwargs, **options)


def _wait(container: Container, need: Definition, deadline: float) -> None:
    while not holds(container.attrs["State"], need["condition"]):
        if time.monotonic() > deadline or container.status == "exited":
            raise RuntimeError(f"dependency {need['containerName']} did not become {need['condition']}")
        time.sleep(_POLL_SECONDS)
        container.reload()


def holds(state: dict, condition: str) -> bool:
    """Tell whether a container's state meets a condition of dependsOn."""
    ended = state["Status"] == "exited"
    return {
        "START": True,
        "COMPLETE": ended,
        "SUCCESS": ended and state["ExitCode"] == 0,
        "HEALTHY": (state.get("Health") or {}).get("Status") == "healthy",
    }[condition]
