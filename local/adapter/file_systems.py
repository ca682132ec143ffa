"""Keep every EFS file system as a Docker volume, with the folder, owner and mode of its access points.

MiniStack 1.5.33 records file systems without any storage behind them. Unnecessary once it keeps their files.
A task gets the access point's folder as a bind mount beneath the volume's mountpoint: Docker before 26 mounts whole
volumes only. What Docker cannot do is EFS's own user for every access: the container's user must be the owner.
"""

import io
import tarfile
import threading
import time
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

import docker
from docker.errors import APIError, ImageNotFound, NotFound
from docker.models.containers import Container
from docker.models.volumes import Volume
from ministack.services import efs

from local import engine, naming
from local.adapter._patching import Function, around

Definition = dict[str, Any]

_EMPTY_IMAGE = "berth-local/empty:1"
_MOUNT = "/volume"
_RELEASE_SECONDS = 120


def install() -> None:
    """Remove the volume when its file system is deleted."""
    around(efs, "_delete_file_system")(_with_volume_removed)


def volume_name(file_system: str) -> str:
    """Name the volume of a file system."""
    return naming.owned(naming.current_port(), file_system)


def source(client: docker.DockerClient, configuration: Definition) -> str:
    """Give the folder on the host that a task mounts; it is made as its access point says."""
    file_system = configuration["fileSystemId"]
    point_id = (configuration.get("authorizationConfig") or {}).get("accessPointId")
    if file_system not in efs._file_systems or (point_id and point_id not in efs._access_points):
        raise ValueError(f"failed to mount {point_id or file_system}: it does not exist")
    root = (
        efs._access_points[point_id].get("RootDirectory") if point_id else {"Path": configuration.get("rootDirectory")}
    )
    volume = client.volumes.create(volume_name(file_system), labels=naming.labels(naming.current_port()))
    path = PurePosixPath((root or {}).get("Path") or "/")
    make_folder(client, volume, path, (root or {}).get("CreationInfo") or {})
    return str(PurePosixPath(volume.attrs["Mountpoint"]) / path.relative_to("/"))


def make_folder(client: docker.DockerClient, volume: Volume, path: PurePosixPath, creation: Definition) -> None:
    """Make a folder in a volume with owner and mode, unless it is there.

    Docker copies an archive into a container that is never started: no program and no right on the host is needed.
    """
    container = client.containers.create(
        _empty_image(client),
        command="none",
        labels=naming.labels(naming.current_port()),
        volumes=[f"{volume.name}:{_MOUNT}"],
    )
    try:
        missing = [folder for folder in folders(path) if not _exists(container, folder)]
        container.put_archive(_MOUNT, archive(missing, creation))
    finally:
        container.remove(force=True)


def folders(path: PurePosixPath) -> list[str]:
    """List a path's folders from the outermost to the innermost, relative to the root."""
    inner = path.relative_to("/")
    return [str(folder) for folder in (*reversed(inner.parents), inner) if str(folder) != "."]


def archive(names: list[str], creation: Definition) -> bytes:
    """Pack empty folders that belong to the owner that an access point names."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.type = tarfile.DIRTYPE
            entry.uid, entry.gid = int(creation.get("OwnerUid", 0)), int(creation.get("OwnerGid", 0))
            entry.mode = int(str(creation.get("Permissions", "0755")), 8)
            entry.mtime = int(time.time())
            tar.addfile(entry)
    return packed.getvalue()


def _exists(container: Container, folder: str) -> bool:
    try:
        stream, _ = container.get_archive(f"{_MOUNT}/{folder}")
    except NotFound:
        return False
    stream.close()
    return True


def _empty_image(client: docker.DockerClient) -> str:
    try:
        client.images.get(_EMPTY_IMAGE)
    except ImageNotFound:
        nothing = archive(["volume"], {})
        repository, tag = _EMPTY_IMAGE.split(":")
        client.api.import_image_from_data(nothing, repository=repository, tag=tag)
    return _EMPTY_IMAGE


def _with_volume_removed(original: Function, file_system: str) -> tuple:
    answer = original(file_system)
    if answer[0] == HTTPStatus.NO_CONTENT:
        threading.Thread(target=_remove, args=(volume_name(file_system),), daemon=True).start()
    return answer


def _remove(name: str) -> None:
    client = engine.connect()
    deadline = time.monotonic() + _RELEASE_SECONDS
    while client and time.monotonic() < deadline:
        try:
            client.volumes.get(name).remove()
        except NotFound:
            return
        except APIError:
            # A container that stops still holds it.
            time.sleep(0.5)
