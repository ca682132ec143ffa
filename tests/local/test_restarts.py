import os
import signal
from collections.abc import Callable

import docker
import pytest

from local import cloud, naming, process
from tests.local import jobs
from tests.local.conftest import Cloud
from tests.local.test_databases import SETTINGS, available, query

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


@pytest.fixture(scope="module")
def place(make_cloud: Callable[[], Cloud], shell_image: str) -> Cloud:
    """Give a cloud with a service, a database and data in it."""
    made = make_cloud()
    made.start()
    made.client("rds").create_db_instance(DBInstanceIdentifier="one", **SETTINGS)
    jobs.prepare(made)
    definition = jobs.register(made, jobs.container(shell_image, "sleep 600", linuxParameters=_INIT))
    made.client("ecs").create_service(cluster="test", serviceName="one", taskDefinition=definition, desiredCount=1)
    query(made, available(made, "one"), "CREATE DATABASE kept")
    _steady(made)
    return made


_INIT = {"initProcessEnabled": True}


def _steady(place: Cloud) -> None:
    jobs.wait(
        lambda: place.client("ecs").describe_services(cluster="test", services=["one"])["services"][0],
        lambda service: service["runningCount"] == service["desiredCount"] == 1,
    )


def _kill(place: Cloud) -> None:
    pid = place.status()["pid"]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _owned(daemon: docker.DockerClient, place: Cloud) -> list[str]:
    label = {"label": f"{naming.LABEL}={place.port}"}
    containers = daemon.containers.list(all=True, filters=label, ignore_removed=True)
    return sorted(
        [each.name for each in containers]
        + [each.name for each in daemon.volumes.list(filters=label)]
        + [each.name for each in daemon.networks.list(filters=label)]
    )


@pytest.mark.parametrize("interrupt", [Cloud.stop, _kill], ids=["stopped", "killed"])
def test_everything_comes_back(place: Cloud, daemon: docker.DockerClient, interrupt: Callable[[Cloud], None]) -> None:
    """After an end of either kind the service runs, and the database has its address and its data."""
    address = available(place, "one")["Endpoint"]["Address"]
    interrupt(place)
    assert not cloud.running(place.home, place.port)
    place.start()
    _steady(place)
    found = available(place, "one")
    assert found["Endpoint"]["Address"] == address
    assert query(place, found, "SHOW DATABASES LIKE 'kept'") == (("kept",),)
    tasks = daemon.containers.list(filters={"label": [f"{naming.LABEL}={place.port}", "ministack=ecs"]})
    assert len(tasks) == 1


def test_a_job_that_ended_with_the_cloud_says_so(place: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """Its task is STOPPED with the reason and without an exit code, and its scratch volume is gone."""
    mounts = [{"sourceVolume": "scratch", "containerPath": "/scratch"}]
    definition = jobs.register(
        place, jobs.container(shell_image, "sleep 60", mountPoints=mounts), volumes=[{"name": "scratch"}]
    )
    task = jobs.run(place, definition)
    assert jobs.reach(place, task, "RUNNING")["lastStatus"] == "RUNNING"
    _kill(place)
    place.start()
    seen = jobs.describe(place, task)
    assert (seen["lastStatus"], seen["stoppedReason"]) == ("STOPPED", "The embedded cloud was restarted")
    assert [(each["lastStatus"], each.get("exitCode")) for each in seen["containers"]] == [("STOPPED", None)]
    assert daemon.volumes.list(filters={"label": f"berth.task={task.rsplit('/', 1)[-1]}"}) == []


def test_a_stopped_cloud_has_no_container(place: Cloud, daemon: docker.DockerClient) -> None:
    """A graceful stop ends every container, and the scheduler starts none in their place."""
    _steady(place)
    available(place, "one")
    place.stop()
    label = {"label": f"{naming.LABEL}={place.port}"}
    assert daemon.containers.list(all=True, filters=label) == []
    place.start()


def test_start_and_stop_may_be_repeated(place: Cloud) -> None:
    """A second start leaves the running process as it is."""
    before = place.status()["pid"]
    place.start()
    assert place.status()["pid"] == before


def test_remove_leaves_nothing(place: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """Container, network, volume, image, process and state go, also when the server was killed before."""
    _steady(place)
    image = f"127.0.0.1:{place.port}/pulled"
    daemon.images.get(shell_image).tag(image, "one")
    _kill(place)
    # The task, the database and its data, the network.
    assert len(_owned(daemon, place)) == 4
    cloud.remove(place.home, place.port)
    assert _owned(daemon, place) == []
    assert daemon.images.list(image) == []
    assert not (place.home / "cloud").exists()
    assert not process.port_is_taken(place.port)
