"""Where subnets lie inside a VPC: pure arithmetic, no provider.

The VPC's range is cut into sixteen equal blocks. Public subnets take blocks 0 to 7, private ones 8 to 15, in the order
of the zones: adding a zone renumbers nothing. A /16 gives /20 subnets of 4,091 usable addresses.
"""

from ipaddress import IPv4Network

MOST_ZONES = 8
_PRIVATE_FROM = 8
_BITS = 4


def public_cidrs(vpc: IPv4Network, zones: int) -> list[str]:
    """Return the public subnets' ranges, one a zone."""
    return _blocks(vpc, zones, 0)


def private_cidrs(vpc: IPv4Network, zones: int) -> list[str]:
    """Return the private subnets' ranges, one a zone."""
    return _blocks(vpc, zones, _PRIVATE_FROM)


def _blocks(vpc: IPv4Network, zones: int, first: int) -> list[str]:
    if not 1 <= zones <= MOST_ZONES:
        msg = f"zones must be 1 to {MOST_ZONES}, got {zones}"
        raise ValueError(msg)
    return [str(block) for block in list(vpc.subnets(prefixlen_diff=_BITS))[first : first + zones]]
