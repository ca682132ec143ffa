"""Tell the address of a NAT gateway.

MiniStack 1.5.33 returns none: a gateway that is imported after a crash seems to have no address and is replaced.
Unnecessary once DescribeNatGateways returns natGatewayAddressSet.
"""

import re
from collections.abc import Callable
from typing import Any

from ministack.services import ec2

from local.adapter._patching import around_action

_GATEWAY = re.compile(
    r"<natGatewayId>(?P<id>nat-\w+)</natGatewayId>(?:(?!<natGatewayId>).)*?(?P<set><natGatewayAddressSet/>)", re.DOTALL
)


def install() -> None:
    """Return the address that each gateway was made with."""
    around_action(ec2, "DescribeNatGateways")(_describe)


def _describe(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    status, headers, body = original(params)
    return status, headers, _GATEWAY.sub(_with_address, body.decode()).encode()


def _with_address(found: re.Match[str]) -> str:
    allocation = ec2._nat_gateways[found["id"]].get("AllocationId")
    if not allocation:
        return found[0]
    address = ec2._addresses.get(allocation, {}).get("PublicIp", "")
    item = (
        f"<item><allocationId>{allocation}</allocationId><publicIp>{address}</publicIp>"
        "<isPrimary>true</isPrimary><status>succeeded</status></item>"
    )
    return found[0].removesuffix(found["set"]) + f"<natGatewayAddressSet>{item}</natGatewayAddressSet>"
