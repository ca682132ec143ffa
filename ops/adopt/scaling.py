"""Auto Scaling groups, and the scaling of services."""

from collections.abc import Iterator
from typing import Any

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import listed, tag_map
from ops.place import Place

APPLICATION = "application-autoscaling"


def _group(place: Place, wanted: Wanted) -> Iterator[Found]:
    named = {"AutoScalingGroupNames": [wanted["name"]]}
    for item in listed(place, "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", **named):
        # the provider's default tags do not reach a group: each of its tags says by itself whether instances get it
        yield Found(item["AutoScalingGroupName"], tag_map(item.get("Tags")))


def _target(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _scaled(place, wanted, "describe_scalable_targets", "ScalableTargets"):
        yield Found("/".join((item["ServiceNamespace"], item["ResourceId"], item["ScalableDimension"])))


def _policy(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _scaled(place, wanted, "describe_scaling_policies", "ScalingPolicies"):
        if item["PolicyName"] == wanted["name"]:
            parts = (item["ServiceNamespace"], item["ResourceId"], item["ScalableDimension"], item["PolicyName"])
            yield Found("/".join(parts))


def _scaled(place: Place, wanted: Wanted, operation: str, key: str) -> Iterator[Any]:
    for item in listed(place, APPLICATION, operation, key, ServiceNamespace=wanted["service_namespace"]):
        if item["ResourceId"] == wanted["resource_id"]:
            yield item


FINDERS: dict[str, Finder] = {
    "aws_autoscaling_group": _group,
    "aws_appautoscaling_target": _target,
    "aws_appautoscaling_policy": _policy,
}
