"""Roles, instance profiles and log groups."""

from collections.abc import Iterator

from ops.aws import listed, tag_map
from ops.place import Place
from ops.sweep.kind import Item, Kind, Scope

SERVICE_LOGS = ("/aws/rds/instance/", "/aws/ecs/containerinsights/")
"""Where AWS itself makes log groups for our databases and clusters, which carry no tags."""


def _profiles(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "iam", "list_instance_profiles", "InstanceProfiles"):
        name = item["InstanceProfileName"]
        if scope.has_prefix(name):
            found = place.client("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
            if scope.covers(tag_map(found.get("Tags"))):
                yield Item(name)


def _delete_profile(place: Place, name: str) -> None:
    iam = place.client("iam")
    for role in iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]:
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role["RoleName"])
    iam.delete_instance_profile(InstanceProfileName=name)


def _roles(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "iam", "list_roles", "Roles"):
        name = item["RoleName"]
        # the listing leaves tags out
        if scope.has_prefix(name) and scope.covers(_role_tags(place, name)):
            yield Item(name)


def _role_tags(place: Place, name: str) -> dict[str, str]:
    return tag_map(place.client("iam").get_role(RoleName=name)["Role"].get("Tags"))


def _delete_role(place: Place, name: str) -> None:
    iam = place.client("iam")
    for policy in listed(place, "iam", "list_role_policies", "PolicyNames", RoleName=name):
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in listed(place, "iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name):
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def _log_groups(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "logs", "describe_log_groups", "logGroups", logGroupNamePrefix="/berth"):
        arn = item["arn"].removesuffix(":*")
        if scope.covers(place.client("logs").list_tags_for_resource(resourceArn=arn)["tags"]):
            yield Item(item["logGroupName"])


def _service_log_groups(place: Place, scope: Scope) -> Iterator[Item]:
    for path in SERVICE_LOGS:
        for item in listed(place, "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=path + scope.prefix):
            name = item["logGroupName"].removeprefix(path)
            # without tags there is no telling which stack's they are
            if scope.has_prefix(name) and not scope.only:
                yield Item(item["logGroupName"])


def _delete_log_group(place: Place, name: str) -> None:
    place.client("logs").delete_log_group(logGroupName=name)


KINDS = (
    Kind("instance profile", _profiles, _delete_profile),
    Kind("role", _roles, _delete_role),
    Kind("log group", _log_groups, _delete_log_group),
    Kind("log group of a service", _service_log_groups, _delete_log_group),
)
