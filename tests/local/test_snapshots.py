import json
from collections.abc import Callable
from pathlib import Path

import pytest

from local.adapter import snapshots
from tests.local import balancing
from tests.local.conftest import Cloud
from tests.local.kills import kill


def test_a_snapshot_is_written_beside_and_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that breaks off leaves the old snapshot whole."""
    target = tmp_path / "ec2.json"
    snapshots._write(target, "old")

    def torn(self: Path, text: str) -> int:
        with self.open("w") as file:
            file.write(text[:1])
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_text", torn)
    with pytest.raises(OSError, match="no space"):
        snapshots._write(target, "new")
    assert target.read_text() == "old"


def test_a_state_that_changes_while_it_is_read_is_read_again() -> None:
    """Another thread's change costs a second look, not the snapshot."""
    looks = iter([RuntimeError("dictionary changed size during iteration"), {"vpcs": 1}])

    def getter() -> dict:
        found = next(looks)
        if isinstance(found, Exception):
            raise found
        return found

    assert json.loads(snapshots._text("ec2", getter) or "")["payload"] == {"vpcs": 1}


@pytest.mark.cloud
def test_nothing_that_was_answered_is_lost_by_a_kill(make_cloud: Callable[[], Cloud]) -> None:
    """Killed right after the answers, the cloud comes back with all it had said yes to."""
    cloud = make_cloud()
    cloud.start()
    for turn in range(3):
        _make(cloud, turn)
        kill(cloud)
        cloud.start()
        _check(cloud, turn)


def _make(cloud: Cloud, turn: int) -> None:
    cloud.client("ec2").create_vpc(CidrBlock=f"10.{turn}.0.0/16")
    cloud.client("iam").create_user(UserName=f"user-{turn}")
    cloud.client("ssm").put_parameter(Name=f"/test/{turn}", Value="x", Type="String")
    cloud.client("secretsmanager").create_secret(Name=f"secret-{turn}", SecretString="canary")
    cloud.client("efs").create_file_system(CreationToken=f"token-{turn}")
    cloud.client("s3").create_bucket(Bucket=f"berth-bucket-{turn}")
    cloud.client("s3").put_object(Bucket=f"berth-bucket-{turn}", Key="state", Body=b"1")
    cloud.client("logs").create_log_group(logGroupName=f"/group/{turn}")
    cloud.client("ecr").create_repository(repositoryName=f"repository-{turn}")
    cloud.client("ecs").create_cluster(clusterName=f"cluster-{turn}")


def _check(cloud: Cloud, turn: int) -> None:
    blocks = {vpc["CidrBlock"] for vpc in cloud.client("ec2").describe_vpcs()["Vpcs"]}
    assert {f"10.{number}.0.0/16" for number in range(turn + 1)} <= blocks
    cloud.client("iam").get_user(UserName=f"user-{turn}")
    cloud.client("ssm").get_parameter(Name=f"/test/{turn}")
    assert cloud.client("secretsmanager").get_secret_value(SecretId=f"secret-{turn}")["SecretString"] == "canary"
    assert len(cloud.client("efs").describe_file_systems()["FileSystems"]) == turn + 1
    body = cloud.client("s3").get_object(Bucket=f"berth-bucket-{turn}", Key="state")["Body"]
    assert body.read() == b"1"
    assert cloud.client("logs").describe_log_groups(logGroupNamePrefix=f"/group/{turn}")["logGroups"]
    cloud.client("ecr").describe_repositories(repositoryNames=[f"repository-{turn}"])
    assert cloud.client("ecs").describe_clusters(clusters=[f"cluster-{turn}"])["clusters"]


@pytest.mark.cloud
def test_a_listener_is_open_again_after_a_kill(make_cloud: Callable[[], Cloud]) -> None:
    """Its port, rules and targets come back with the state."""
    cloud = make_cloud()
    cloud.start()
    group = balancing.group(cloud, "again")
    with balancing.backend() as server, balancing.listener(cloud, "again", balancing.forward(group)) as (_, port):
        balancing.register(cloud, group, server)
        assert balancing.get(port).startswith("backend\n")
        kill(cloud)
        cloud.start()
        assert balancing.get(port).startswith("backend\n")
