import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import docker
import pytest

from tests.local import balancing, jobs, services
from tests.local.conftest import Cloud

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


class Load:
    """Asks a site for pages all the time and keeps what came back."""

    def __init__(self, port: int) -> None:
        self.answers: list[tuple[int, str]] = []
        self._port, self._over = port, threading.Event()
        self._clients = [threading.Thread(target=self._ask) for _ in range(3)]

    def __enter__(self) -> Self:
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for client in self._clients:
            client.join()

    def _ask(self) -> None:
        while not self._over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            connection.request("GET", "/")
            answer = connection.getresponse()
            self.answers.append((answer.status, answer.read().decode().strip()))
            connection.close()
            time.sleep(0.01)


def test_a_new_service_is_steady_once_its_targets_are_healthy(shared_cloud: Cloud, shell_image: str) -> None:
    """It is in progress until then, and says so in its events."""
    with services.site(shared_cloud, "steady", shell_image) as site:
        assert site.describe()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
        site.settle()
        assert list(balancing.states(shared_cloud, site.group).values()) == ["healthy"] * 2
        assert "has reached a steady state." in site.events()


def test_a_rollout_fails_no_request(shared_cloud: Cloud, shell_image: str) -> None:
    """Every request is answered while one version replaces the other, and at the end only the new one answers."""
    with services.site(shared_cloud, "rolling", shell_image) as site:
        site.settle()
        with Load(site.port) as load:
            site.deploy("two")
            site.settle()
            time.sleep(0.5)
        assert {status for status, _ in load.answers} == {200}
        assert {text for _, text in load.answers} == {"one", "two"}
        assert balancing.get(site.port).strip() == "two"


@pytest.mark.parametrize(
    ("version", "why"), [("sick", "failed ELB health checks in (target-group"), ("exit", "Essential container in task")]
)
def test_a_bad_version_is_rolled_back(shared_cloud: Cloud, shell_image: str, version: str, why: str) -> None:
    """The old version goes on serving; reason, event and stopped task say why."""
    with services.site(shared_cloud, f"bad-{version}", shell_image) as site:
        good = site.settle()["taskDefinition"]
        with Load(site.port) as load:
            site.deploy(version)
            jobs.wait(lambda: site.describe()["taskDefinition"], lambda seen: seen == good)
            seen = site.settle()
        assert set(load.answers) == {(200, "one")}
        assert seen["taskDefinition"] == good
        assert "deployment failed: tasks failed to start" in site.events()
        assert "rolling back to deployment" in site.events()
        assert any(why in task["stoppedReason"] for task in site.tasks("STOPPED"))


def test_a_first_deployment_that_fails_stays_failed(shared_cloud: Cloud, shell_image: str) -> None:
    """With nothing to go back to it says why and starts nothing more."""
    with services.site(shared_cloud, "hopeless", shell_image, version="exit", count=1) as site:
        seen = site.settle("FAILED")
        reason = seen["deployments"][0]["rolloutStateReason"]
        assert reason.startswith("ECS deployment circuit breaker: tasks failed to start")
        stopped = len(jobs.wait(lambda: site.tasks("STOPPED"), lambda tasks: len(tasks) >= 3))
        assert {task["containers"][0]["exitCode"] for task in site.tasks("STOPPED")} == {3}
        time.sleep(2)
        assert (len(site.tasks("STOPPED")), site.tasks()) == (stopped, [])
        site.deploy("better")
        site.settle()


def test_a_killed_task_is_replaced(shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """The service has its number again, and nobody is sent to the dead one."""
    with services.site(shared_cloud, "killed", shell_image) as site:
        site.settle()
        victim = site.tasks()[0]["taskArn"]
        daemon.containers.list(filters={"label": f"com.amazonaws.ecs.task-arn={victim}"})[0].kill()
        jobs.wait(site.tasks, lambda tasks: victim not in {task["taskArn"] for task in tasks})
        site.settle()
        assert len(site.tasks()) == 2
        assert balancing.get(site.port).strip() == "one"


def test_scaling_in_lets_requests_finish(shared_cloud: Cloud, shell_image: str) -> None:
    """A task is deregistered and drained before it is stopped."""
    with services.site(shared_cloud, "shrinking", shell_image) as site, ThreadPoolExecutor() as pool:
        site.settle()
        slow = [pool.submit(balancing.get, site.port, "/slow") for _ in range(4)]
        time.sleep(0.3)
        site.scale(1)
        assert [each.result().strip() for each in slow] == ["one"] * 4
        site.settle()
        assert len(site.tasks()) == 1


def test_a_target_group_without_listener_is_refused(shared_cloud: Cloud, shell_image: str) -> None:
    """Nothing would ever be healthy behind it."""
    jobs.prepare(shared_cloud)
    group = balancing.group(shared_cloud, "lonely")
    ecs = shared_cloud.client("ecs")
    definition = jobs.register(shared_cloud, jobs.container(shell_image, "sleep 60"))
    with pytest.raises(ecs.exceptions.InvalidParameterException, match="does not have an associated load balancer"):
        ecs.create_service(
            cluster="test",
            serviceName="lonely",
            taskDefinition=definition,
            desiredCount=1,
            loadBalancers=[{"targetGroupArn": group, "containerName": "main", "containerPort": 8080}],
        )
