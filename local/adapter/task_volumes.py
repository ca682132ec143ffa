"""Mount a task's volumes: its file systems and its empty scratch volumes.

MiniStack 1.5.33 mounts host folders only. Unnecessary once `ecs._docker_binds_from_taskdef` handles
efsVolumeConfiguration and volumes without a host path.
"""

import contextlib
import logging
import time
from http import HTTPStatus
from typing import Any

import docker
from docker.errors import APIError, NotFound
from docker.models.volumes import Volume
from ministack.services import ecs

from local import engine, naming
from local.adapter import file_systems
from local.adapter._patching import Function, around

Definition = dict[str, Any]

logger = logging.getLogger(__name__)

_TASK_LABEL = "berth.task"
IN_USE_TRIES = 10
IN_USE_SECONDS = 0.5


def install() -> None:
    """Add the mounts when a container starts; drop scratch volumes with the task."""
    around(ecs, "_build_run_kwargs")(_with_mounts)
    around(ecs, "_cleanup_task_resources")(_with_scratch_removed)


def _with_mounts(original: Function, cdef: Definition, td: Definition, *args: Any) -> Definition:
    kwargs = original(cdef, td, *args)
    task_id = kwargs["labels"]["com.amazonaws.ecs.task-arn"].rsplit("/", 1)[-1]
    binds = mounts(engine.connect(), cdef, td, task_id)
    if binds:
        kwargs["volumes"] = [*kwargs.get("volumes", []), *binds]
    return kwargs


def mounts(client: docker.DockerClient, cdef: Definition, td: Definition, task_id: str) -> list[str]:
    """List the mounts of one container that MiniStack leaves out, in Docker's bind notation."""
    volumes = {volume["name"]: volume for volume in td.get("volumes") or []}
    return [
        f"{source}:{point['containerPath']}:{'ro' if point.get('readOnly') else 'rw'}"
        for point in cdef.get("mountPoints") or []
        if (source := _source(client, volumes[point["sourceVolume"]], task_id))
    ]


def _source(client: docker.DockerClient, volume: Definition, task_id: str) -> str | None:
    if volume.get("efsVolumeConfiguration"):
        return file_systems.source(client, volume["efsVolumeConfiguration"])
    if (volume.get("host") or {}).get("sourcePath"):
        return None
    return scratch(client, task_id, volume["name"])


def scratch(client: docker.DockerClient, task_id: str, name: str) -> str:
    """Make an empty volume that the containers of one task share."""
    port = naming.current_port()
    own = naming.owned(port, f"task-{task_id[:8]}-{name}")
    client.volumes.create(own, labels={**naming.labels(port), _TASK_LABEL: task_id})
    return own


def _with_scratch_removed(
    original: Function, task: Definition, docker_client: docker.DockerClient | None, *args: Any
) -> None:
    original(task, docker_client, *args)
    client = docker_client or engine.connect()
    if client:
        _remove(client, [f"{_TASK_LABEL}={task['taskArn'].rsplit('/', 1)[-1]}"])


def remove_all_scratch(client: docker.DockerClient) -> None:
    """Remove the scratch volumes that tasks of an ended process left."""
    _remove(client, [f"{naming.LABEL}={naming.current_port()}", _TASK_LABEL])


def _remove(client: docker.DockerClient, labels: list[str]) -> None:
    for volume in client.volumes.list(filters={"label": labels}):
        with contextlib.suppress(NotFound):
            _remove_one(volume)


def _remove_one(volume: Volume) -> None:
    """Remove a volume; one whose container is still on its way out is tried again, then left to the next sweep."""
    for _ in range(IN_USE_TRIES):
        try:
            volume.remove(force=True)
        except APIError as error:
            if error.status_code != HTTPStatus.CONFLICT:
                raise
            time.sleep(IN_USE_SECONDS)
        else:
            return
    logger.warning("the scratch volume %s is still in use; it goes when the cloud starts or is removed", volume.name)
