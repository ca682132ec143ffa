import docker
import pytest

from tests.local import jobs
from tests.local.conftest import Cloud

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


def _file_system(cloud: Cloud, name: str) -> tuple[str, str]:
    efs = cloud.client("efs")
    made = efs.create_file_system(CreationToken=name)["FileSystemId"]
    point = efs.create_access_point(
        ClientToken=name,
        FileSystemId=made,
        PosixUser={"Uid": 10001, "Gid": 10002},
        RootDirectory={
            "Path": "/sites/wiki",
            "CreationInfo": {"OwnerUid": 10001, "OwnerGid": 10002, "Permissions": "0750"},
        },
    )
    return made, point["AccessPointId"]


def _run(cloud: Cloud, image: str, script: str, volume: dict, **settings: object) -> tuple[str, dict]:
    mounts = [{"sourceVolume": "files", "containerPath": "/srv/files"}]
    definition = jobs.register(
        cloud,
        jobs.container(image, script, mountPoints=mounts, **settings),
        volumes=[{"name": "files", "efsVolumeConfiguration": volume}],
    )
    task = jobs.run(cloud, definition)
    return task, jobs.reach(cloud, task, "STOPPED")


def _volume(file_system: str, point: str) -> dict:
    access = {"accessPointId": point, "iam": "ENABLED"}
    return {"fileSystemId": file_system, "transitEncryption": "ENABLED", "authorizationConfig": access}


def test_tasks_share_an_access_point(shared_cloud: Cloud, shell_image: str) -> None:
    """Its folder has the owner and mode of the access point, and what one task writes the next one reads."""
    volume = _volume(*_file_system(shared_cloud, "shared"))
    first, _ = _run(
        shared_cloud,
        shell_image,
        "stat --format '%u:%g %a' /srv/files; echo hello >/srv/files/a",
        volume,
        user="10001:10002",
    )
    second, _ = _run(shared_cloud, shell_image, "cat /srv/files/a", volume, user="10001:10002")
    assert jobs.lines(shared_cloud, first) == ["10001:10002 750"]
    assert jobs.lines(shared_cloud, second) == ["hello"]


def test_a_task_sees_its_own_folder_only(shared_cloud: Cloud, shell_image: str) -> None:
    """The access point's folder is the root of the mount; without one it is the file system's."""
    file_system, point = _file_system(shared_cloud, "apart")
    _run(shared_cloud, shell_image, "touch /srv/files/inside", _volume(file_system, point))
    task, _ = _run(shared_cloud, shell_image, "cd /srv/files; find . -type f", {"fileSystemId": file_system})
    assert jobs.lines(shared_cloud, task) == ["./sites/wiki/inside"]


def test_a_missing_access_point_stops_the_task(shared_cloud: Cloud, shell_image: str) -> None:
    """A task whose files are not there does not start, and says why."""
    file_system, _ = _file_system(shared_cloud, "missing")
    _, seen = _run(shared_cloud, shell_image, "true", _volume(file_system, "fsap-1"))
    assert seen["stopCode"] == "TaskFailedToStart"
    assert "fsap-1: it does not exist" in seen["stoppedReason"]


def test_a_deleted_file_system_leaves_no_volume(
    shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str
) -> None:
    """The Docker volume is labelled as ours while the file system lives, and goes with it."""
    file_system, point = _file_system(shared_cloud, "deleted")
    _run(shared_cloud, shell_image, "true", _volume(file_system, point))
    name = f"berth-{shared_cloud.port}-{file_system}"
    assert daemon.volumes.get(name).attrs["Labels"] == {"berth.cloud": str(shared_cloud.port)}
    shared_cloud.client("efs").delete_access_point(AccessPointId=point)
    shared_cloud.client("efs").delete_file_system(FileSystemId=file_system)
    jobs.wait(lambda: daemon.volumes.list(filters={"name": name}), lambda found: found == [])
