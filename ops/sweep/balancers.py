"""Listener rules, listeners, load balancers and target groups."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from ops.aws import batched, listed, tag_map
from ops.place import Place
from ops.sweep.kind import Item, Kind, Scope

SERVICE = "elbv2"
MOST_AT_ONCE = 20


def _balancers(place: Place, scope: Scope) -> list[str]:
    """Those of the environment, whichever stack is meant: a site's rules hang on the cluster's load balancer."""
    found = listed(place, SERVICE, "describe_load_balancers", "LoadBalancers")
    return [item["LoadBalancerArn"] for item in found if scope.has_prefix(item["LoadBalancerName"])]


def _ours(place: Place, scope: Scope, arns: Iterator[str]) -> Iterator[Item]:
    for some in batched(arns, MOST_AT_ONCE):
        for item in place.client(SERVICE).describe_tags(ResourceArns=list(some))["TagDescriptions"]:
            if scope.covers(tag_map(item["Tags"])):
                yield Item(item["ResourceArn"], item["ResourceArn"].rpartition(":")[2])


def _listeners(place: Place, scope: Scope) -> Iterator[dict[str, Any]]:
    return chain.from_iterable(
        listed(place, SERVICE, "describe_listeners", "Listeners", LoadBalancerArn=balancer)
        for balancer in _balancers(place, scope)
    )


def _find_rules(place: Place, scope: Scope) -> Iterator[Item]:
    rules = chain.from_iterable(
        listed(place, SERVICE, "describe_rules", "Rules", ListenerArn=listener["ListenerArn"])
        for listener in _listeners(place, scope)
    )
    return _ours(place, scope, (rule["RuleArn"] for rule in rules if not rule["IsDefault"]))


def _find_listeners(place: Place, scope: Scope) -> Iterator[Item]:
    return _ours(place, scope, (listener["ListenerArn"] for listener in _listeners(place, scope)))


def _find_balancers(place: Place, scope: Scope) -> Iterator[Item]:
    return _ours(place, scope, iter(_balancers(place, scope)))


def _find_target_groups(place: Place, scope: Scope) -> Iterator[Item]:
    found = listed(place, SERVICE, "describe_target_groups", "TargetGroups")
    ours = (item["TargetGroupArn"] for item in found if scope.has_prefix(item["TargetGroupName"]))
    return _ours(place, scope, ours)


def _delete_balancer(place: Place, arn: str) -> None:
    client = place.client(SERVICE)
    client.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}]
    )
    client.delete_load_balancer(LoadBalancerArn=arn)
    client.get_waiter("load_balancers_deleted").wait(LoadBalancerArns=[arn])


KINDS = (
    Kind("listener rule", _find_rules, lambda place, arn: place.client(SERVICE).delete_rule(RuleArn=arn)),
    Kind("listener", _find_listeners, lambda place, arn: place.client(SERVICE).delete_listener(ListenerArn=arn)),
    Kind("load balancer", _find_balancers, _delete_balancer),
    Kind(
        "target group",
        _find_target_groups,
        lambda place, arn: place.client(SERVICE).delete_target_group(TargetGroupArn=arn),
    ),
)
