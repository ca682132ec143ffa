from ipaddress import IPv4Network
from itertools import combinations

import pytest

from modules.subnets import MOST_ZONES, private_cidrs, public_cidrs

VPC = IPv4Network("10.20.0.0/16")


def test_a_vpc_of_16_gives_subnets_of_20() -> None:
    """Three zones of a /16 get /20 subnets at fixed places."""
    assert public_cidrs(VPC, 3) == ["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"]
    assert private_cidrs(VPC, 3) == ["10.20.128.0/20", "10.20.144.0/20", "10.20.160.0/20"]


def test_no_two_subnets_overlap() -> None:
    """Whatever the number of zones, all subnets are apart and inside the VPC."""
    blocks = [IPv4Network(cidr) for cidr in public_cidrs(VPC, MOST_ZONES) + private_cidrs(VPC, MOST_ZONES)]
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))
    assert all(block.subnet_of(VPC) for block in blocks)


def test_adding_a_zone_renumbers_nothing() -> None:
    """The first zones keep their ranges when zones are added."""
    assert public_cidrs(VPC, 4)[:2] == public_cidrs(VPC, 2)
    assert private_cidrs(VPC, 4)[:2] == private_cidrs(VPC, 2)


@pytest.mark.parametrize("zones", [0, 9])
def test_impossible_zones_are_refused(zones: int) -> None:
    """There is room for one to eight zones."""
    with pytest.raises(ValueError, match=f"zones must be 1 to 8, got {zones}"):
        public_cidrs(VPC, zones)
