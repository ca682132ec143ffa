from collections.abc import Callable

import docker
import pytest

from tests.local import jobs
from tests.local.conftest import Cloud

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

CLAIMS = {
    "user": "10001:10001",
    "readonlyRootFilesystem": True,
    "memory": 128,
    "memoryReservation": 64,
    "cpu": 128,
    "linuxParameters": {
        "capabilities": {"drop": ["ALL"]},
        "initProcessEnabled": True,
        "tmpfs": [{"containerPath": "/run/small", "size": 16, "mountOptions": ["mode=1777"]}],
    },
    "stopTimeout": 7,
    "workingDirectory": "/srv",
    "dockerSecurityOptions": ["no-new-privileges"],
    "ulimits": [{"name": "nofile", "softLimit": 2048, "hardLimit": 4096}],
    "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 5, "timeout": 3, "retries": 2, "startPeriod": 1},
}


def _running(cloud: Cloud, daemon: docker.DockerClient, task: str) -> docker.models.containers.Container:
    assert jobs.reach(cloud, task, "RUNNING")["lastStatus"] == "RUNNING"
    return daemon.containers.list(filters={"label": f"com.amazonaws.ecs.task-arn={task}"})[0]


def test_docker_is_told_every_claim(shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """What the definition claims stands in Docker's own description of the container."""
    definition = jobs.register(shared_cloud, jobs.container(shell_image, "sleep 60", **CLAIMS))
    task = jobs.run(shared_cloud, definition)
    seen = _running(shared_cloud, daemon, task).attrs
    shared_cloud.client("ecs").stop_task(cluster="test", task=task)
    host = {
        "Memory": 128 << 20,
        "MemorySwap": 128 << 20,
        "MemoryReservation": 64 << 20,
        "CpuShares": 128,
        "CapDrop": ["ALL"],
        "CapAdd": None,
        "Privileged": False,
        "ReadonlyRootfs": True,
        "Init": True,
        "SecurityOpt": ["no-new-privileges"],
        "Tmpfs": {"/run/small": "size=16m,mode=1777"},
        "Ulimits": [{"Name": "nofile", "Soft": 2048, "Hard": 4096}],
        "NetworkMode": f"berth-{shared_cloud.port}",
        "PortBindings": None,
    }
    assert {name: seen["HostConfig"][name] for name in host} == host
    config = {
        "User": "10001:10001",
        "WorkingDir": "/srv",
        "StopTimeout": 7,
        "Healthcheck": {
            "Test": ["CMD-SHELL", "true"],
            "Interval": 5_000_000_000,
            "Timeout": 3_000_000_000,
            "StartPeriod": 1_000_000_000,
            "Retries": 2,
        },
    }
    assert {name: seen["Config"][name] for name in config} == config


def test_claims_hold_inside(shared_cloud: Cloud, shell_image: str) -> None:
    """The program in the container meets its user, its limits, its read-only root and no capability."""
    script = """
        echo user $(id -u):$(id -g)
        touch /x 2>/dev/null || echo root is read-only
        grep CapEff /proc/self/status
        grep NoNewPrivs /proc/self/status
        ulimit -n
        cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null
        pwd
        cat /proc/1/comm
    """
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(shell_image, script, **CLAIMS)))
    jobs.reach(shared_cloud, task, "STOPPED")
    assert [line.replace("\t", " ") for line in jobs.lines(shared_cloud, task)] == [
        "user 10001:10001",
        "root is read-only",
        "CapEff: 0000000000000000",
        "NoNewPrivs: 1",
        "2048",
        str(128 << 20),
        "/srv",
        "docker-init",
    ]


def test_a_job_reports_its_exit_code_and_all_its_lines(shared_cloud: Cloud, shell_image: str) -> None:
    """Once a job is STOPPED its exit code is the program's and no line is missing."""
    definition = jobs.register(shared_cloud, jobs.container(shell_image, "seq 1 2000; exit 3"))
    task = jobs.run(shared_cloud, definition)
    seen = jobs.reach(shared_cloud, task, "STOPPED")
    assert jobs.lines(shared_cloud, task) == [str(number) for number in range(1, 2001)]
    assert (seen["stopCode"], seen["stoppedReason"]) == (
        "EssentialContainerExited",
        "Essential container in task exited",
    )
    assert [each["exitCode"] for each in seen["containers"]] == [3]


def test_stopping_gives_the_program_time(shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """StopTask answers at once, the program ends by itself, and its last line and exit code are kept."""
    script = "trap 'sleep 6; echo drained; exit 5' TERM; echo ready; while :; do sleep 0.1; done"
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(shell_image, script, stopTimeout=20)))
    _running(shared_cloud, daemon, task)
    jobs.wait(lambda: jobs.lines(shared_cloud, task), lambda seen: seen == ["ready"])
    answer = shared_cloud.client("ecs").stop_task(cluster="test", task=task, reason="enough")["task"]
    assert (answer["desiredStatus"], answer["lastStatus"]) == ("STOPPED", "STOPPING")
    seen = jobs.reach(shared_cloud, task, "STOPPED")
    assert jobs.lines(shared_cloud, task) == ["ready", "drained"]
    assert seen["containers"][0]["exitCode"] == 5
    assert seen["stoppedReason"] == "enough"


def test_a_stubborn_program_is_killed_at_its_timeout(
    shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str
) -> None:
    """A program that ignores SIGTERM is killed after stopTimeout, not before and not much later."""
    script = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(shell_image, script, stopTimeout=2)))
    _running(shared_cloud, daemon, task)
    jobs.wait(lambda: jobs.lines(shared_cloud, task), lambda seen: seen == ["ready"])
    shared_cloud.client("ecs").stop_task(cluster="test", task=task)
    seen = jobs.reach(shared_cloud, task, "STOPPED")
    assert seen["containers"][0]["exitCode"] == 137
    assert 2 <= (seen["stoppedAt"] - seen["stoppingAt"]).total_seconds() < 6


def test_a_removed_container_ends_its_task(shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """A container that somebody removes is a task that stopped."""
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(shell_image, "sleep 60")))
    _running(shared_cloud, daemon, task).remove(force=True)
    assert jobs.reach(shared_cloud, task, "STOPPED")["containers"][0]["exitCode"] == 137


def test_health_is_reported(shared_cloud: Cloud, shell_image: str) -> None:
    """The container's health check decides the task's health."""
    check = {"command": ["CMD-SHELL", "test -e /tmp/ok"], "interval": 5, "timeout": 2, "retries": 1}
    script = "touch /tmp/ok; sleep 60"
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(shell_image, script, healthCheck=check)))
    jobs.wait(lambda: jobs.describe(shared_cloud, task)["healthStatus"], lambda health: health == "HEALTHY")
    shared_cloud.client("ecs").stop_task(cluster="test", task=task)


def test_containers_start_in_order(shared_cloud: Cloud, shell_image: str) -> None:
    """A container waits for the success of the one that it depends on, and shares its scratch volume."""
    mounts = [{"sourceVolume": "scratch", "containerPath": "/scratch"}]
    first = jobs.container(
        shell_image, "sleep 1; echo made >/scratch/file", name="first", essential=False, mountPoints=mounts
    )
    second = jobs.container(
        shell_image,
        "cat /scratch/file",
        dependsOn=[{"containerName": "first", "condition": "SUCCESS"}],
        mountPoints=mounts,
    )
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, second, first, volumes=[{"name": "scratch"}]))
    seen = jobs.reach(shared_cloud, task, "STOPPED")
    assert jobs.lines(shared_cloud, task) == ["made"]
    assert {each["name"]: each["exitCode"] for each in seen["containers"]} == {"first": 0, "main": 0}


def test_scratch_volumes_end_with_the_task(shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """No volume of a stopped task is left."""
    mounts = [{"sourceVolume": "scratch", "containerPath": "/scratch"}]
    definition = jobs.register(
        shared_cloud, jobs.container(shell_image, "true", mountPoints=mounts), volumes=[{"name": "scratch"}]
    )
    task = jobs.run(shared_cloud, definition)
    jobs.reach(shared_cloud, task, "STOPPED")
    assert daemon.volumes.list(filters={"label": f"berth.task={task.rsplit('/', 1)[-1]}"}) == []


def test_a_task_reaches_the_cloud(shared_cloud: Cloud, shell_image: str) -> None:
    """API, metadata and credentials answer a task under the addresses in its environment."""
    script = r"""
        ask() {
            local address=${1#http://} path
            path=/${address#*/} address=${address%%/*}
            exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
            printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$path" "$address" >&3
            head -1 <&3 | tr -d '\r'
        }
        ask "$AWS_ENDPOINT_URL/_berth/status"
        ask "$ECS_CONTAINER_METADATA_URI_V4/task"
        ask "$AWS_CONTAINER_CREDENTIALS_FULL_URI"
    """
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(shell_image, script)))
    jobs.reach(shared_cloud, task, "STOPPED")
    answers = jobs.lines(shared_cloud, task)
    assert [answer.split(" ", 1)[1][:3] for answer in answers] == ["200"] * 3


def test_a_missing_log_group_stops_the_task(shared_cloud: Cloud, shell_image: str) -> None:
    """A task whose lines would go nowhere does not start, and says why."""
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/none", "awslogs-stream-prefix": "x"}}
    definition = jobs.register(shared_cloud, jobs.container(shell_image, "true", logConfiguration=logs))
    seen = jobs.reach(shared_cloud, jobs.run(shared_cloud, definition), "STOPPED")
    assert seen["stopCode"] == "TaskFailedToStart"
    assert "log group /none does not exist" in seen["stoppedReason"]


def test_a_digest_is_reported(shared_cloud: Cloud, push: Callable[[str], str]) -> None:
    """A task reports the digest that its image has in the registry."""
    reference = push("test/digest")
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(reference, "true")))
    seen = jobs.reach(shared_cloud, task, "STOPPED")["containers"][0]
    assert (seen["image"], seen["imageDigest"], seen["exitCode"]) == (reference, reference.partition("@")[2], 0)


@pytest.fixture
def push(shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str) -> Callable[[str], str]:
    """Push the shell image to the cloud's registry and give its reference by digest."""

    def run(name: str) -> str:
        shared_cloud.client("ecr").create_repository(repositoryName=name)
        repository = f"127.0.0.1:{shared_cloud.port}/{name}"
        daemon.images.get(shell_image).tag(repository, "one")
        daemon.images.push(repository, "one")
        digest = shared_cloud.client("ecr").describe_images(repositoryName=name)["imageDetails"][0]["imageDigest"]
        daemon.images.remove(f"{repository}:one")
        return f"{repository}@{digest}"

    return run
