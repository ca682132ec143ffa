"""File systems, mount targets, access points and their policies."""

import time
from collections.abc import Iterator
from typing import Any

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import listed, tag_map
from ops.place import Place

POLL_SECONDS = 2.0
USABLE = ("creating", "available", "updating")


def _file_system(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in listed(place, "efs", "describe_file_systems", "FileSystems", CreationToken=wanted["creation_token"]):
        if item["LifeCycleState"] in USABLE:
            _await(place, "describe_file_systems", "FileSystems", FileSystemId=item["FileSystemId"])
            yield Found(item["FileSystemId"], tag_map(item.get("Tags")))


def _mount_target(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _of(place, wanted, "describe_mount_targets", "MountTargets"):
        if item["SubnetId"] == wanted["subnet_id"] and item["LifeCycleState"] in USABLE:
            _await(place, "describe_mount_targets", "MountTargets", MountTargetId=item["MountTargetId"])
            yield Found(item["MountTargetId"])


def _access_point(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _of(place, wanted, "describe_access_points", "AccessPoints"):
        tags = tag_map(item.get("Tags"))
        if tags.get("Name") == wanted.tags.get("Name") and item["LifeCycleState"] in USABLE:
            yield Found(item["AccessPointId"], tags)


def _backup_policy(place: Place, wanted: Wanted) -> Iterator[Found]:
    if system := wanted["file_system_id"]:
        place.client("efs").describe_backup_policy(FileSystemId=system)
        yield Found(system)


def _policy(place: Place, wanted: Wanted) -> Iterator[Found]:
    if system := wanted["file_system_id"]:
        place.client("efs").describe_file_system_policy(FileSystemId=system)
        yield Found(system)


def _of(place: Place, wanted: Wanted, operation: str, key: str) -> Iterator[Any]:
    if system := wanted["file_system_id"]:
        yield from listed(place, "efs", operation, key, FileSystemId=system)


def _await(place: Place, operation: str, key: str, **which: str) -> None:
    """EFS has no waiters of its own; what is creating becomes available within a minute or two."""
    while getattr(place.client("efs"), operation)(**which)[key][0]["LifeCycleState"] == "creating":
        time.sleep(POLL_SECONDS)


FINDERS: dict[str, Finder] = {
    "aws_efs_file_system": _file_system,
    "aws_efs_mount_target": _mount_target,
    "aws_efs_access_point": _access_point,
    "aws_efs_backup_policy": _backup_policy,
    "aws_efs_file_system_policy": _policy,
}
