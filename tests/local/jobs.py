"""Task definitions and runs that several tests share."""

import time
from typing import Any

from tests.local.conftest import Cloud

GROUP = "/berth/test"
POLL_SECONDS = 0.1


def wait(found: Any, check: Any, seconds: float = 60) -> Any:
    """Ask until the answer holds, and give it."""
    deadline = time.monotonic() + seconds
    while not check(answer := found()):
        assert time.monotonic() < deadline, f"still {answer}"
        time.sleep(POLL_SECONDS)
    return answer


def prepare(cloud: Cloud) -> None:
    """Make the cluster and the log group, once."""
    cloud.client("ecs").create_cluster(clusterName="test")
    groups = cloud.client("logs").describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    if not groups:
        cloud.client("logs").create_log_group(logGroupName=GROUP)


def container(image: str, script: str, **settings: Any) -> dict[str, Any]:
    """Define a container that runs a shell script and logs."""
    options = {"awslogs-group": GROUP, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "job"}
    return {
        "name": "main",
        "image": image,
        "essential": True,
        "command": ["/bin/bash", "-c", script],
        "logConfiguration": {"logDriver": "awslogs", "options": options},
    } | settings


def register(cloud: Cloud, *containers: dict[str, Any], **settings: Any) -> str:
    """Register a Fargate task definition and give its ARN."""
    task = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"}
    answer = cloud.client("ecs").register_task_definition(
        family="test", containerDefinitions=list(containers), **(task | settings)
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def run(cloud: Cloud, definition: str) -> str:
    """Start a task and give its ARN."""
    prepare(cloud)
    answer = cloud.client("ecs").run_task(
        cluster="test",
        taskDefinition=definition,
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
    )
    return answer["tasks"][0]["taskArn"]


def describe(cloud: Cloud, task: str) -> dict[str, Any]:
    """Describe a task."""
    return cloud.client("ecs").describe_tasks(cluster="test", tasks=[task])["tasks"][0]


def reach(cloud: Cloud, task: str, status: str) -> dict[str, Any]:
    """Wait until a task has a status, or is stopped, and describe it."""
    return wait(lambda: describe(cloud, task), lambda seen: seen["lastStatus"] in {status, "STOPPED"})


def lines(cloud: Cloud, task: str, name: str = "main") -> list[str]:
    """Read a container's log stream."""
    stream = f"job/{name}/{task.rsplit('/', 1)[-1]}"
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = cloud.client("logs").get_log_events(
            logGroupName=GROUP, logStreamName=stream, startFromHead=True, **token
        )
        if not page["events"]:
            return found
        found += [event["message"] for event in page["events"]]
        token = {"nextToken": page["nextForwardToken"]}
