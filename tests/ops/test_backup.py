from pathlib import Path
from typing import Any

import pytest

from modules.contract import NEEDS_BACKUP
from ops import backup, preparation
from ops.errors import OpsError
from ops.tasks import JobError
from tests.ops.fakes import Ecs, Logs, place

JOBS = {
    "cluster_name": "berth-test",
    "provision_task_definition": "provision:1",
    "migrate_task_definition": "migrate:1",
    "capacity_provider": "FARGATE",
    "subnet_ids": ["subnet-1"],
    "security_group_ids": ["sg-1"],
}


class Rds:
    """Snapshots of one database; a new one passes through `states`."""

    def __init__(self, *states: str, there: tuple[str, ...] = ()) -> None:
        self.states = list(states)
        self.there = list(there)
        self.tags: list[dict[str, str]] = []

    def create_db_snapshot(self, **asked: Any) -> None:
        assert asked["DBInstanceIdentifier"] == "berth-test-wiki"
        self.there.append(asked["DBSnapshotIdentifier"])
        self.tags = asked["Tags"]

    def describe_db_snapshots(self, **asked: Any) -> dict[str, Any]:
        if "DBSnapshotIdentifier" in asked:
            return {"DBSnapshots": [{"Status": self.states.pop(0), "PercentProgress": 40}]}
        assert asked == {"DBInstanceIdentifier": "berth-test-wiki", "SnapshotType": "manual"}
        return {"DBSnapshots": [{"DBSnapshotIdentifier": name} for name in self.there]}

    def delete_db_snapshot(self, **asked: Any) -> None:
        self.there.remove(asked["DBSnapshotIdentifier"])


class Changing(Ecs):
    """A migration that would change the schema: it asks for a backup first."""

    def run_task(self, **asked: Any) -> dict[str, Any]:
        self.ends = {"migrate:1": 0 if "overrides" in asked else NEEDS_BACKUP}
        return super().run_task(**asked)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "POLL_SECONDS", 0)


def test_a_schema_changes_only_after_a_snapshot(tmp_path: Path) -> None:
    """The migration that asks for a backup is run again when the snapshot is there, and told so."""
    ecs, rds, said = Changing(), Rds("creating", "available"), []
    preparation.run(place(tmp_path, ecs=ecs, rds=rds, logs=Logs()), "wiki", JOBS, said.append)
    assert [asked["taskDefinition"] for asked in ecs.ran] == ["provision:1", "migrate:1", "migrate:1"]
    told = {"name": "migrate", "environment": [{"name": "MIGRATE_BACKUP", "value": "taken"}]}
    assert [asked.get("overrides") for asked in ecs.ran] == [None, None, {"containerOverrides": [told]}]
    [taken] = rds.there
    assert taken.startswith("berth-test-wiki-before-migration-")
    assert f"snapshot {taken}: 40 %" in said
    assert {"Key": "berth:environment", "Value": "test"} in rds.tags


def test_a_schema_that_stays_needs_no_snapshot(tmp_path: Path) -> None:
    """Most releases change nothing in the database, and wait for no snapshot."""
    ecs, rds = Ecs(), Rds()
    preparation.run(place(tmp_path, ecs=ecs, rds=rds), "wiki", JOBS, lambda _: None)
    assert (len(ecs.ran), rds.there) == (2, [])


def test_no_snapshot_no_change(tmp_path: Path) -> None:
    """Where the snapshot fails the migration is not run again."""
    ecs, rds = Changing(), Rds("failed")
    with pytest.raises(OpsError, match=r"^wiki: the snapshot .* failed; the schema was not changed$"):
        preparation.run(place(tmp_path, ecs=ecs, rds=rds, logs=Logs()), "wiki", JOBS, lambda _: None)
    assert len(ecs.ran) == 2


def test_another_failure_of_a_migration_takes_no_snapshot(tmp_path: Path) -> None:
    """Only the exit code that asks for a backup does."""
    with pytest.raises(JobError, match="exit code 1"):
        preparation.run(
            place(tmp_path, ecs=Ecs(ends={"migrate:1": 1}), rds=Rds(), logs=Logs()), "wiki", JOBS, lambda _: None
        )


def test_only_the_newest_snapshots_are_kept(tmp_path: Path) -> None:
    """Three of Berth's own; what people or RDS made stays."""
    old = tuple(f"berth-test-wiki-before-migration-2026010{day}-000000" for day in (1, 2, 3))
    rds = Rds("available", there=("berth-test-wiki-final", *old, "mine"))
    taken = backup.take(place(tmp_path, rds=rds), "wiki", lambda _: None)
    assert rds.there == ["berth-test-wiki-final", *old[1:], "mine", taken]
