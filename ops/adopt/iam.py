"""Roles, their policies and instance profiles."""

from collections.abc import Iterator

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import listed, tag_map
from ops.place import Place


def _role(place: Place, wanted: Wanted) -> Iterator[Found]:
    role = place.client("iam").get_role(RoleName=wanted["name"])["Role"]
    yield Found(role["RoleName"], tag_map(role.get("Tags")))


def _role_policy(place: Place, wanted: Wanted) -> Iterator[Found]:
    role, name = wanted["role"], wanted["name"]
    if role and name in listed(place, "iam", "list_role_policies", "PolicyNames", RoleName=role):
        yield Found(f"{role}:{name}")


def _attachment(place: Place, wanted: Wanted) -> Iterator[Found]:
    role, arn = wanted["role"], wanted["policy_arn"]
    if role and arn:
        for item in listed(place, "iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role):
            if item["PolicyArn"] == arn:
                yield Found(f"{role}/{arn}")


def _instance_profile(place: Place, wanted: Wanted) -> Iterator[Found]:
    profile = place.client("iam").get_instance_profile(InstanceProfileName=wanted["name"])["InstanceProfile"]
    yield Found(profile["InstanceProfileName"], tag_map(profile.get("Tags")))


FINDERS: dict[str, Finder] = {
    "aws_iam_role": _role,
    "aws_iam_role_policy": _role_policy,
    "aws_iam_role_policy_attachment": _attachment,
    "aws_iam_instance_profile": _instance_profile,
}
