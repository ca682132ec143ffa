"""Databases, file systems, secrets and parameters."""

import time
from collections.abc import Callable, Iterator

from ops.aws import listed, tag_map
from ops.backup import MARK
from ops.place import Place
from ops.sweep.kind import Item, Kind, Scope

POLL_SECONDS = 2.0


def _rds(operation: str, key: str, name_key: str, arn_key: str) -> Callable[[Place, Scope], Iterator[Item]]:
    def find(place: Place, scope: Scope) -> Iterator[Item]:
        for item in listed(place, "rds", operation, key):
            if scope.has_prefix(item[name_key]):
                tags = place.client("rds").list_tags_for_resource(ResourceName=item[arn_key])["TagList"]
                if scope.covers(tag_map(tags)):
                    yield Item(item[name_key])

    return find


def _delete_instance(place: Place, name: str) -> None:
    rds = place.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True)
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=True)
    rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier=name)


def _snapshots(place: Place, scope: Scope) -> Iterator[Item]:
    """Those before a migration: the last one, which is to outlive the database, is not ours to take away."""
    for item in _rds("describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier", "DBSnapshotArn")(place, scope):
        if MARK in item.id:
            yield item


def _file_systems(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "efs", "describe_file_systems", "FileSystems"):
        if item["LifeCycleState"] != "deleted" and scope.covers(tag_map(item.get("Tags"))):
            yield Item(item["FileSystemId"], item.get("Name", ""))


def _delete_file_system(place: Place, system: str) -> None:
    efs = place.client("efs")
    for point in listed(place, "efs", "describe_access_points", "AccessPoints", FileSystemId=system):
        efs.delete_access_point(AccessPointId=point["AccessPointId"])
    for target in listed(place, "efs", "describe_mount_targets", "MountTargets", FileSystemId=system):
        efs.delete_mount_target(MountTargetId=target["MountTargetId"])
    while any(listed(place, "efs", "describe_mount_targets", "MountTargets", FileSystemId=system)):
        time.sleep(POLL_SECONDS)
    efs.delete_file_system(FileSystemId=system)


def _secrets(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "secretsmanager", "list_secrets", "SecretList"):
        # RDS deletes its own with the database
        if not item.get("OwningService") and not item.get("DeletedDate") and scope.covers(tag_map(item.get("Tags"))):
            yield Item(item["ARN"], item["Name"])


def _delete_secret(place: Place, arn: str) -> None:
    place.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def _parameters(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(
        place, "ssm", "get_parameters_by_path", "Parameters", Path=f"/berth/{scope.env}", Recursive=True
    ):
        site = item["Name"].split("/")[3]
        if scope.covers_stack(f"site-{site}"):
            yield Item(item["Name"])


KINDS = (
    Kind(
        "database snapshot",
        _snapshots,
        lambda place, name: place.client("rds").delete_db_snapshot(DBSnapshotIdentifier=name),
    ),
    Kind(
        "database",
        _rds("describe_db_instances", "DBInstances", "DBInstanceIdentifier", "DBInstanceArn"),
        _delete_instance,
    ),
    Kind(
        "database subnet group",
        _rds("describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", "DBSubnetGroupArn"),
        lambda place, name: place.client("rds").delete_db_subnet_group(DBSubnetGroupName=name),
    ),
    Kind(
        "database parameter group",
        _rds("describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName", "DBParameterGroupArn"),
        lambda place, name: place.client("rds").delete_db_parameter_group(DBParameterGroupName=name),
    ),
    Kind("file system", _file_systems, _delete_file_system),
    Kind("secret", _secrets, _delete_secret),
    Kind("parameter", _parameters, lambda place, name: place.client("ssm").delete_parameter(Name=name)),
)
