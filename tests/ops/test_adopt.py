from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import adopt
from ops.adopt import ec2
from ops.adopt.wanted import Found, Wanted, choose
from ops.place import Place
from tests.conftest import Stacks, make_config

TAGS = {"Name": "berth-test", "berth:environment": "test", "berth:stack": "base"}
OWNED = Wanted("aws_vpc.vpc", "aws_vpc", {"tags_all": TAGS})


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a place without a cloud."""
    return Place("test", tmp_path, tmp_path, make_config())


class Ec2:
    """Answers one listing with what it is given."""

    def __init__(self, **answer: Any) -> None:
        self.answer = answer

    def can_paginate(self, _: str) -> bool:
        """Give one page always."""
        return False

    def __getattr__(self, _: str) -> Any:
        return lambda **_: self.answer


def _change(address: str, actions: list[str], **more: Any) -> dict[str, Any]:
    change = {"actions": actions, "after": {"name": "x"}} | more
    return {"address": address, "type": address.partition(".")[0], "change": change}


def test_only_creations_that_are_not_imports_are_looked_for() -> None:
    """What is changed, replaced, left alone or imported already needs no finder."""
    plan = {
        "resource_changes": [
            _change("aws_vpc.new", ["create"]),
            _change("aws_vpc.imported", ["create"], importing={"id": "vpc-1"}),
            _change("aws_vpc.same", ["no-op"]),
            _change("aws_vpc.replaced", ["delete", "create"]),
        ]
    }
    assert adopt.creations(plan) == [Wanted("aws_vpc.new", "aws_vpc", {"name": "x"})]


def test_import_blocks() -> None:
    """One block an address, in Terraform's own language."""
    assert adopt.import_blocks({"aws_vpc.a": "vpc-1", 'aws_subnet.b["x"]': "subnet-2"}) == (
        'import {\n  to = aws_vpc.a\n  id = "vpc-1"\n}\n\nimport {\n  to = aws_subnet.b["x"]\n  id = "subnet-2"\n}\n'
    )


@pytest.mark.parametrize(
    ("tags", "chosen"),
    [
        (TAGS, "vpc-1"),
        (TAGS | {"team": "blue"}, "vpc-1"),
        (None, "vpc-1"),
        ({}, None),
        (TAGS | {"berth:environment": "production"}, None),
        (TAGS | {"berth:stack": "cluster"}, None),
    ],
    ids=["ours", "ours with more tags", "a kind without tags", "nobody's", "another environment's", "another stack's"],
)
def test_only_what_carries_our_tags_is_taken(place: Place, tags: dict[str, str] | None, chosen: str | None) -> None:
    """A thing of the same name that is somebody else's stays theirs."""

    def finder(_place: Place, _wanted: Wanted) -> Iterator[Found]:
        yield Found("vpc-1", tags)

    assert choose(place, OWNED, finder) == chosen


def test_a_missing_thing_is_no_error(place: Place) -> None:
    """Calls that name one thing answer its absence with an error."""

    def finder(_place: Place, _wanted: Wanted) -> Iterator[Found]:
        raise ClientError({"Error": {"Code": "NoSuchEntity"}}, "GetRole")

    assert choose(place, OWNED, finder) is None


def test_unnamed_things_are_known_by_all_their_tags(place: Place) -> None:
    """A VPC is found by its Name besides whose it is."""
    other = [{"Key": key, "Value": value} for key, value in (TAGS | {"Name": "other"}).items()]
    ours = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    place._clients["ec2"] = Ec2(Vpcs=[{"VpcId": "vpc-1", "Tags": other}, {"VpcId": "vpc-2", "Tags": ours}])
    assert choose(place, OWNED, ec2.FINDERS["aws_vpc"]) == "vpc-2"


def test_a_rule_is_known_by_what_it_allows(place: Place) -> None:
    """A security group rule has no name: direction, protocol, ports and the other side say which it is."""
    shape = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0"}
    rules = [
        shape | {"SecurityGroupRuleId": "sgr-1", "IsEgress": False},
        shape | {"SecurityGroupRuleId": "sgr-2", "IsEgress": True, "ToPort": 80},
        shape | {"SecurityGroupRuleId": "sgr-3", "IsEgress": True},
    ]
    place._clients["ec2"] = Ec2(SecurityGroupRules=rules)
    values = {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
    wanted = Wanted("a", "aws_vpc_security_group_egress_rule", values | {"cidr_ipv4": "0.0.0.0/0"})
    assert choose(place, wanted, ec2.FINDERS[wanted.type]) == "sgr-3"


@pytest.mark.parametrize("platform", ["fargate", "ecs"])
def test_every_type_that_the_stacks_use_has_a_finder(synth: Any, platform: str) -> None:
    """A new kind of resource without a finder would be made twice after a crash."""
    load_balancer = {"certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/a"}
    site = {"host": "wiki.example.org", "certificate_arn": load_balancer["certificate_arn"]}
    changes = {"cluster": {"platform": platform}, "load_balancer": load_balancer, "sites": {"wiki": site}}
    stacks: Stacks = synth(**changes)
    types = {kind for stack in stacks.values() for kind in stack.get("resource", {})}
    assert types - adopt.FINDERS.keys() - adopt.MADE_ANEW == set()
