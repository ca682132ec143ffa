"""Load balancers, listeners, rules and target groups."""

from collections.abc import Iterator
from typing import Any

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import listed, tag_map
from ops.place import Place

SERVICE = "elbv2"


def _tags(place: Place, arn: str) -> dict[str, str]:
    described = place.client(SERVICE).describe_tags(ResourceArns=[arn])["TagDescriptions"]
    return tag_map(described[0]["Tags"] if described else [])


def _load_balancer(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in listed(place, SERVICE, "describe_load_balancers", "LoadBalancers", Names=[wanted["name"]]):
        arn = item["LoadBalancerArn"]
        place.client(SERVICE).get_waiter("load_balancer_available").wait(LoadBalancerArns=[arn])
        yield Found(arn, _tags(place, arn))


def _target_group(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in listed(place, SERVICE, "describe_target_groups", "TargetGroups", Names=[wanted["name"]]):
        yield Found(item["TargetGroupArn"], _tags(place, item["TargetGroupArn"]))


def _listener(place: Place, wanted: Wanted) -> Iterator[Found]:
    if balancer := wanted["load_balancer_arn"]:
        for item in listed(place, SERVICE, "describe_listeners", "Listeners", LoadBalancerArn=balancer):
            if item["Port"] == wanted["port"]:
                yield Found(item["ListenerArn"], _tags(place, item["ListenerArn"]))


def _listener_rule(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _rules(place, wanted):
        if item["Priority"] == str(wanted["priority"]):
            yield Found(item["RuleArn"], _tags(place, item["RuleArn"]))


def _rules(place: Place, wanted: Wanted) -> Iterator[Any]:
    if listener := wanted["listener_arn"]:
        yield from listed(place, SERVICE, "describe_rules", "Rules", ListenerArn=listener)


def _listener_certificate(place: Place, wanted: Wanted) -> Iterator[Found]:
    listener, certificate = wanted["listener_arn"], wanted["certificate_arn"]
    if listener and certificate:
        for item in listed(place, SERVICE, "describe_listener_certificates", "Certificates", ListenerArn=listener):
            if item["CertificateArn"] == certificate and not item.get("IsDefault"):
                yield Found(f"{listener}_{certificate}")


FINDERS: dict[str, Finder] = {
    "aws_lb": _load_balancer,
    "aws_lb_target_group": _target_group,
    "aws_lb_listener": _listener,
    "aws_lb_listener_rule": _listener_rule,
    "aws_lb_listener_certificate": _listener_certificate,
}
