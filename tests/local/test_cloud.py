import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from local import cloud
from local.errors import CloudError
from tests.local import jobs
from tests.local.conftest import Cloud, free_port


@pytest.fixture
def busy_port() -> Iterator[int]:
    """Give a port that another program holds."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        yield other.getsockname()[1]


@pytest.fixture
def without_docker(make_cloud: Callable[[], Cloud], monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Start a cloud on a machine whose Docker does not answer."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    made = make_cloud()
    made.start()
    return made


def test_environment_reaches_this_cloud_only() -> None:
    """Neither the machine's own credentials nor its metadata service can be met by accident."""
    assert cloud.environment(4567) == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4567",
        "AWS_ACCESS_KEY_ID": "berth",
        "AWS_SECRET_ACCESS_KEY": "berth",
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def test_a_busy_port_is_refused(busy_port: int, tmp_path: Path) -> None:
    """A port of another program ends in one sentence that names the setting."""
    with pytest.raises(CloudError, match=f"port {busy_port} is taken by another program; choose another"):
        cloud.start(tmp_path, busy_port)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    """The error carries the last line of the server's log and its place."""
    (tmp_path / "cloud").mkdir()
    (tmp_path / "cloud" / "tmp").write_text("no folder")
    with pytest.raises(CloudError, match=r"ended at its start: FileExistsError.*; see .*server\.log"):
        cloud.start(tmp_path, free_port())


def test_nothing_runs_on_a_free_port(tmp_path: Path) -> None:
    """Stop and remove do nothing where nothing was started."""
    port = free_port()
    cloud.stop(tmp_path, port)
    assert not cloud.running(tmp_path, port)


@pytest.mark.cloud
def test_another_copy_is_refused(shared_cloud: Cloud, tmp_path: Path) -> None:
    """A port of another copy of the project names that copy."""
    with pytest.raises(CloudError, match=f"taken by the Berth of {shared_cloud.home}"):
        cloud.start(tmp_path, shared_cloud.port)


@pytest.mark.cloud
def test_only_loopback_and_bridge_listen(shared_cloud: Cloud) -> None:
    """No socket of the server listens on every address."""
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    port = f"{shared_cloud.port:04X}"
    hosts = [line.split()[1].split(":")[0] for line in listening if line.split()[1].endswith(f":{port}")]
    assert "0100007F" in hosts
    assert "00000000" not in hosts


@pytest.mark.cloud
def test_without_docker_everything_answers(without_docker: Cloud) -> None:
    """Tasks and databases are recorded, and the status lists them as not started."""
    definition = jobs.register(without_docker, jobs.container("any", "true"))
    task = jobs.run(without_docker, definition)
    without_docker.client("rds").create_db_instance(
        DBInstanceIdentifier="one",
        Engine="mariadb",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="master",
        ManageMasterUserPassword=True,
    )
    found = without_docker.client("rds").describe_db_instances()["DBInstances"][0]
    assert jobs.describe(without_docker, task)["lastStatus"] == "RUNNING"
    assert found["DBInstanceStatus"] == "available"
    seen = without_docker.status()
    assert seen["docker"] is False
    assert seen["not_started"] == [task, found["DBInstanceArn"]]
    stopped = without_docker.client("ecs").stop_task(cluster="test", task=task)["task"]
    assert stopped["lastStatus"] == "STOPPED"
    without_docker.client("rds").delete_db_instance(DBInstanceIdentifier="one", SkipFinalSnapshot=True)
    assert without_docker.status()["not_started"] == []


@pytest.mark.cloud
@pytest.mark.containers
def test_docker_that_comes_up_later_is_found(
    without_docker: Cloud, daemon: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start finds it, and the cloud then serves on the bridge."""
    assert daemon
    monkeypatch.delenv("DOCKER_HOST")
    without_docker.start()
    assert without_docker.status()["docker"] is True
