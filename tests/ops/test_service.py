from pathlib import Path
from typing import Any

import pytest

from ops import service
from tests.ops.fakes import DIGEST, OTHER, Ecs, Logs, place

OUTPUTS = {"cluster_name": "berth-test", "service_name": "berth-test-wiki"}


def test_what_runs(tmp_path: Path) -> None:
    """Counts, rollout, task definition, and the digests of the running tasks."""
    found = service.describe(place(tmp_path, ecs=Ecs()), "berth-test", "berth-test-wiki")
    assert found == service.Running(2, 2, "COMPLETED", "serve:1", frozenset({DIGEST}))


def test_a_task_known_by_its_image_alone(tmp_path: Path) -> None:
    """ECS leaves the digest out while a task starts; its image's name has it too."""

    class Starting(Ecs):
        def _task(self, arn: str) -> dict[str, Any]:
            return {"taskArn": arn, "lastStatus": "RUNNING", "containers": [{"image": f"repository@{OTHER}"}]}

    found = service.describe(place(tmp_path, ecs=Starting()), "berth-test", "berth-test-wiki")
    assert found is not None
    assert found.digests == {OTHER}


@pytest.mark.parametrize(
    ("running", "digests", "expected"),
    [
        (2, {DIGEST}, True),
        (2, {OTHER}, False),
        (2, {DIGEST, OTHER}, False),
        (0, set(), False),
    ],
)
def test_whether_all_tasks_run_an_image(running: int, digests: set[str], expected: bool) -> None:
    """One task of another image is enough to say no, and so is none at all."""
    assert service.Running(2, running, "COMPLETED", "serve:1", frozenset(digests)).runs(DIGEST) is expected


def test_a_service_that_is_asleep_runs_anything() -> None:
    """Nothing is wanted, nothing runs, nothing is wrong."""
    assert service.Running(0, 0, "COMPLETED", "serve:1", frozenset()).runs(DIGEST)


def test_a_deleted_service_is_none(tmp_path: Path) -> None:
    """ECS goes on naming a deleted service for a while."""

    class Deleted(Ecs):
        def describe_services(self, cluster: str, services: list[str]) -> dict[str, Any]:
            found = super().describe_services(cluster, services)["services"]
            return {"services": [item | {"status": "INACTIVE"} for item in found]}

    assert service.describe(place(tmp_path, ecs=Deleted()), "berth-test", "berth-test-wiki") is None


def test_a_rollout_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what it waits for, and returns once ECS is done."""
    monkeypatch.setattr(service, "POLL_SECONDS", 0)
    ecs, said = Ecs(rollout="IN_PROGRESS"), []

    def say(text: str) -> None:
        said.append(text)
        ecs.rollout = "COMPLETED"

    found = service.settled(place(tmp_path, ecs=ecs), "berth-test", "berth-test-wiki", say)
    assert said == ["2 of 2 tasks run, rollout in_progress"]
    assert found is not None
    assert found.rollout == "COMPLETED"


def test_the_newest_stopped_task_says_why(tmp_path: Path) -> None:
    """Older ones belong to older troubles."""
    ecs = Ecs()
    ecs.stopped = [
        {
            "taskArn": f"arn:task/{moment}",
            "createdAt": 0,
            "stoppedAt": moment,
            "stoppedReason": f"reason {moment}",
            "containers": [{"name": "serve"}],
        }
        for moment in (2, 3, 1)
    ]
    logs = Logs(**{"serve/serve/3": ["last words"]})
    assert service.why_stopped(place(tmp_path, ecs=ecs, logs=logs), "wiki", OUTPUTS) == [
        "a task stopped: reason 3",
        "  last words",
    ]


def test_a_task_that_was_no_longer_wanted_is_no_trouble(tmp_path: Path) -> None:
    """Going back to the former version scales the broken one in, after its tasks failed."""
    ecs = Ecs()
    scaled = "Scaling activity initiated by (deployment ecs-svc/1)"
    ecs.stopped = [
        {"taskArn": "arn:task/1", "createdAt": 0, "stoppedAt": 1, "stoppedReason": "Essential container exited"},
        {"taskArn": "arn:task/2", "createdAt": 0, "stoppedAt": 2, "stoppedReason": scaled},
    ]
    at = place(tmp_path, ecs=ecs, logs=Logs())
    assert service.why_stopped(at, "wiki", OUTPUTS) == ["a task stopped: Essential container exited"]
    del ecs.stopped[0]
    assert service.why_stopped(at, "wiki", OUTPUTS) == []


def test_nothing_stopped(tmp_path: Path) -> None:
    """Then there is nothing to tell."""
    assert service.why_stopped(place(tmp_path, ecs=Ecs()), "wiki", OUTPUTS) == []
