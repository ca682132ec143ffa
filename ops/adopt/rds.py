"""Databases, their parameter groups and subnet groups."""

from collections.abc import Iterator
from typing import Any

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import listed, tag_map
from ops.place import Place


def _tags(place: Place, arn: str) -> dict[str, str]:
    return tag_map(place.client("rds").list_tags_for_resource(ResourceName=arn)["TagList"])


def _instance(place: Place, wanted: Wanted) -> Iterator[Found]:
    name = wanted["identifier"]
    for item in listed(place, "rds", "describe_db_instances", "DBInstances", DBInstanceIdentifier=name):
        if item["DBInstanceStatus"] == "deleting":
            place.client("rds").get_waiter("db_instance_deleted").wait(DBInstanceIdentifier=name)
            return
        # terraform would import an address that is not there yet
        place.client("rds").get_waiter("db_instance_available").wait(DBInstanceIdentifier=name)
        yield Found(name, _tags(place, item["DBInstanceArn"]))


def _group(operation: str, key: str, argument: str, arn_key: str) -> Finder:
    def find(place: Place, wanted: Wanted) -> Iterator[Found]:
        named: dict[str, Any] = {argument: wanted["name"]}
        for item in listed(place, "rds", operation, key, **named):
            yield Found(wanted["name"], _tags(place, item[arn_key]))

    return find


FINDERS: dict[str, Finder] = {
    "aws_db_instance": _instance,
    "aws_db_parameter_group": _group(
        "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName", "DBParameterGroupArn"
    ),
    "aws_db_subnet_group": _group(
        "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", "DBSubnetGroupArn"
    ),
}
