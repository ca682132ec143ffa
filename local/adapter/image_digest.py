"""Report the digest of the image that a container runs, for every task.

MiniStack 1.5.33 reports imageDigest for service tasks only. Unnecessary once RunTask's containers carry it too.
"""

from typing import Any

from docker.errors import ImageNotFound
from docker.models.containers import Container
from ministack.services import ecs

from local.adapter._patching import Function, around

Task = dict[str, Any]


def install() -> None:
    """Take it from the reference, else from the image that was started."""
    around(ecs, "_build_task_containers")(_from_reference)
    around(ecs, "_attach_started_container")(_from_image)


def _from_reference(original: Function, *args: Any) -> list[dict]:
    containers = original(*args)
    for container in containers:
        _, at, digest = container["image"].partition("@")
        if at:
            container["imageDigest"] = digest
    return containers


def _from_image(original: Function, task: Task, container: Container, index: int, *args: Any) -> bool:
    reported = task["containers"][index]
    if not reported.get("imageDigest"):
        reported |= digest_of(container)
    return original(task, container, index, *args)


def digest_of(container: Container) -> dict[str, str]:
    """Look up the registry's digest of a running image; one that never saw a registry has none."""
    try:
        known = container.image.attrs.get("RepoDigests") or []
    except ImageNotFound:
        return {}
    return {"imageDigest": known[0].partition("@")[2]} if known else {}
