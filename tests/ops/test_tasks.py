from pathlib import Path
from typing import Any

import pytest

from ops import tasks
from ops.errors import OpsError
from tests.ops.fakes import Ecs, Logs, place

JOB = tasks.Job(
    site="wiki",
    name="migrate",
    cluster="berth-test",
    task_definition="migrate:7",
    capacity_provider="FARGATE",
    subnet_ids=("subnet-1", "subnet-2"),
    security_group_ids=("sg-1",),
)


def test_the_whole_request() -> None:
    """A capacity provider strategy, never a launch type; private subnets, no public address."""
    assert JOB.request() == {
        "cluster": "berth-test",
        "taskDefinition": "migrate:7",
        "count": 1,
        "startedBy": "berth",
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-1", "subnet-2"],
                "securityGroups": ["sg-1"],
                "assignPublicIp": "DISABLED",
            }
        },
        "propagateTags": "TASK_DEFINITION",
    }


def test_a_task_that_ends_well(tmp_path: Path) -> None:
    """One request, and no error."""
    ecs = Ecs()
    tasks.run(place(tmp_path, ecs=ecs), JOB, print)
    assert ecs.ran == [JOB.request()]


def test_a_task_that_fails_shows_why(tmp_path: Path) -> None:
    """The error holds ECS's reason, the exit code and the last 20 log lines."""
    logs = Logs(**{"migrate/migrate/migrate:7": [f"line {number}" for number in range(30)]})
    with pytest.raises(OpsError) as caught:
        tasks.run(place(tmp_path, ecs=Ecs(ends={"migrate:7": 3}), logs=logs), JOB, print)
    first, *rest = str(caught.value).splitlines()
    assert first == ("wiki: migrate failed: Essential container in task exited; migrate ended with exit code 3")
    assert rest == [f"  line {number}" for number in range(10, 30)]


def test_a_task_that_logged_nothing(tmp_path: Path) -> None:
    """An image that cannot even start has no log stream; its reason alone is shown."""
    with pytest.raises(OpsError, match=r"migrate ended with exit code 3$"):
        tasks.run(place(tmp_path, ecs=Ecs(ends={"migrate:7": 3}), logs=Logs()), JOB, print)


def test_a_task_that_cannot_be_placed(tmp_path: Path) -> None:
    """ECS's own reason is passed on."""

    class Full(Ecs):
        def run_task(self, **_: Any) -> dict[str, Any]:
            return {"tasks": [], "failures": [{"reason": "RESOURCE:MEMORY"}]}

    with pytest.raises(OpsError, match="wiki: migrate could not be started: RESOURCE:MEMORY"):
        tasks.run(place(tmp_path, ecs=Full()), JOB, print)


def test_a_task_that_never_ends_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the deadline the task is stopped, so that it does not go on behind the operator's back."""
    stopped: list[str] = []

    class Endless(Ecs):
        def describe_tasks(self, cluster: str, tasks: list[str]) -> dict[str, Any]:
            return {"tasks": [{"taskArn": f"{cluster}/{tasks[0]}", "lastStatus": "RUNNING"}]}

        def stop_task(self, **asked: str) -> None:
            stopped.append(asked["task"])

    monkeypatch.setattr(tasks, "POLL_SECONDS", 0.01)
    with pytest.raises(OpsError, match="wiki: migrate was stopped, it was not done after 0 s"):
        tasks.run(place(tmp_path, ecs=Endless()), JOB, print, deadline=0.05)
    assert stopped == ["arn:task/migrate:7"]


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ({}, "ECS gave no reason"),
        ({"stoppedReason": "Task failed to start", "containers": [{"reason": "CannotPullContainerError"}]},
         "Task failed to start; CannotPullContainerError"),
        ({"stoppedReason": "", "containers": [{"name": "serve", "exitCode": 137, "reason": "OutOfMemoryError"}]},
         "OutOfMemoryError; serve ended with exit code 137"),
    ],
)  # fmt: skip
def test_reasons_in_ecs_s_words(task: dict[str, Any], expected: str) -> None:
    """Whatever ECS knows is said once, in one line."""
    assert tasks.reason(task) == expected
