from collections.abc import Callable
from ipaddress import IPv4Network

import pytest

from tests.conftest import Stacks


def resources(stack: dict, kind: str) -> list[dict]:
    """Return a stack's resources of one type."""
    return list(stack.get("resource", {}).get(kind, {}).values())


def test_three_public_and_three_private_subnets(synth: Callable[..., Stacks]) -> None:
    """A /16 gets six /20 subnets in three zones, none of which hands out public addresses."""
    subnets = resources(synth()["base"], "aws_subnet")
    assert len(subnets) == 6
    assert {IPv4Network(subnet["cidr_block"]).prefixlen for subnet in subnets} == {20}
    assert all(subnet["map_public_ip_on_launch"] is False for subnet in subnets)
    assert len({subnet["availability_zone"] for subnet in subnets}) == 3


@pytest.mark.parametrize(("nat", "gateways", "routes"), [("per_zone", 3, 4), ("single", 1, 4), ("none", 0, 1)])
def test_nat_profiles(synth: Callable[..., Stacks], nat: str, gateways: int, routes: int) -> None:
    """Each profile has its number of gateways, with an address each, and a way out for every private subnet."""
    base = synth(network={"nat": nat, "interface_endpoints": nat == "none"})["base"]
    assert len(resources(base, "aws_nat_gateway")) == gateways == len(resources(base, "aws_eip"))
    assert len(resources(base, "aws_route")) == routes
    assert len(resources(base, "aws_route_table")) == 4


def test_a_gateway_waits_for_the_way_out(synth: Callable[..., Stacks]) -> None:
    """A NAT gateway is made after the public route to the internet."""
    for gateway in resources(synth()["base"], "aws_nat_gateway"):
        assert any(d.startswith("aws_route.") for d in gateway["depends_on"])


def test_routes_are_resources_of_their_own(synth: Callable[..., Stacks]) -> None:
    """No route stands inside a route table, which would drift for ever."""
    assert not [table for table in resources(synth()["base"], "aws_route_table") if "route" in table]


def test_default_security_group_is_closed(synth: Callable[..., Stacks]) -> None:
    """The default security group has no rule."""
    (group,) = resources(synth()["base"], "aws_default_security_group")
    assert "ingress" not in group
    assert "egress" not in group


def test_flow_logs_can_be_turned_off(synth: Callable[..., Stacks]) -> None:
    """Flow logs are on by default; null in the settings turns them off."""
    assert resources(synth()["base"], "aws_flow_log")
    assert not resources(synth(network={"flow_logs": None})["base"], "aws_flow_log")


@pytest.mark.parametrize("platform", ["fargate", "ecs"])
def test_tiers_refer_to_security_groups_never_to_addresses(synth: Callable[..., Stacks], platform: str) -> None:
    """Between tiers every rule names a group; addresses stand only where the internet is the other side."""
    stacks = synth(cluster={"platform": platform})
    for name in ("cluster", "data-wiki", "jobs-wiki", "site-wiki"):
        for rule in resources(stacks[name], "aws_vpc_security_group_ingress_rule"):
            assert ("cidr_ipv4" in rule) == (rule["description"] == "Visitors")
        for rule in resources(stacks[name], "aws_vpc_security_group_egress_rule"):
            assert "cidr_ipv4" not in rule or rule["from_port"] == rule["to_port"] == 443
