"""Keep the settings of an interface endpoint.

MiniStack 1.5.33 loses security groups, private DNS and the policy. Unnecessary once DescribeVpcEndpoints returns them.
"""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2

from local.adapter._patching import around, around_action

Record = dict[str, Any]

_FULL_ACCESS = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}'


def install() -> None:
    """Remember them at creation and at a change, and return them."""
    around_action(ec2, "CreateVpcEndpoint")(_create)
    around_action(ec2, "ModifyVpcEndpoint")(_modify)
    around(ec2, "_vpce_fields_xml")(_write)


def _create(original: Callable[..., Any], params: Record) -> Any:
    before = set(ec2._vpc_endpoints)
    answer = original(params)
    for identity in set(ec2._vpc_endpoints) - before:
        endpoint = ec2._vpc_endpoints[identity]
        endpoint["SecurityGroupIds"] = ec2._parse_member_list(params, "SecurityGroupId")
        endpoint["PrivateDnsEnabled"] = ec2._p(params, "PrivateDnsEnabled", "false")
        endpoint["PolicyDocument"] = ec2._p(params, "PolicyDocument") or _FULL_ACCESS
    return answer


def _modify(original: Callable[..., Any], params: Record) -> Any:
    endpoint = ec2._vpc_endpoints.get(ec2._p(params, "VpcEndpointId"))
    if endpoint:
        added = ec2._parse_member_list(params, "AddSecurityGroupId")
        removed = ec2._parse_member_list(params, "RemoveSecurityGroupId")
        groups = [*endpoint.get("SecurityGroupIds", []), *added]
        endpoint["SecurityGroupIds"] = [group for group in groups if group not in removed]
        endpoint["PrivateDnsEnabled"] = ec2._p(params, "PrivateDnsEnabled") or endpoint.get(
            "PrivateDnsEnabled", "false"
        )
    return original(params)


def _write(original: Callable[..., str], endpoint: Record, tag: str = "item") -> str:
    groups = "".join(
        f"<item><groupId>{identity}</groupId><groupName/></item>" for identity in endpoint.get("SecurityGroupIds", [])
    )
    more = (
        f"<groupSet>{groups}</groupSet>"
        f"<privateDnsEnabled>{endpoint.get('PrivateDnsEnabled', 'false')}</privateDnsEnabled>"
        f"<policyDocument>{escape(endpoint.get('PolicyDocument', _FULL_ACCESS))}</policyDocument>"
    )
    return original(endpoint, tag=tag).replace(f"<{tag}>", f"<{tag}>{more}", 1)
