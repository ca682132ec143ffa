"""Remove what one copy of the project left in Docker."""

import contextlib

import docker
from docker.errors import NotFound

from local import naming


def remove_all(client: docker.DockerClient, port: int) -> None:
    """Remove every container, then every volume, network and pulled image of this copy."""
    _remove_containers(client, port)
    _remove_volumes(client, port)
    for network in client.networks.list(filters={"label": _own(port)}):
        network.remove()
    _remove_images(client, port)


def _own(port: int) -> str:
    return f"{naming.LABEL}={port}"


def _remove_containers(client: docker.DockerClient, port: int) -> None:
    # Until none is found: one that was being created at the first look is there at the second.
    while found := client.containers.list(all=True, sparse=True, filters={"label": _own(port)}):
        for container in found:
            with contextlib.suppress(NotFound):
                container.remove(force=True, v=True)


def _remove_volumes(client: docker.DockerClient, port: int) -> None:
    for volume in client.volumes.list(filters={"label": _own(port)}):
        volume.remove(force=True)


def _remove_images(client: docker.DockerClient, port: int) -> None:
    # Names in a registry that is gone; an image that has another name as well stays under that one.
    for image in client.images.list():
        names = [*(image.attrs["RepoTags"] or []), *(image.attrs["RepoDigests"] or [])]
        for name in names:
            if name.startswith(f"127.0.0.1:{port}/"):
                with contextlib.suppress(NotFound):
                    client.images.remove(name, force=True)
