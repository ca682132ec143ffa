"""Security groups that refer to each other, never to addresses.

Creates: security groups, and rules as resources of their own.
"""

from typing import Any

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct


def security_group(scope: Construct, id: str, *, name: str, description: str, vpc_id: str) -> SecurityGroup:
    """Return a security group without rules."""
    return SecurityGroup(scope, id, name=name, description=description, vpc_id=vpc_id, tags={"Name": name})


def connect(scope: Construct, id: str, *, source: str, target: str, port: int, description: str) -> None:
    """Let members of group `source` connect to members of group `target` on TCP `port`: a rule on each side."""
    common: dict[str, Any] = {"description": description, "ip_protocol": "tcp", "from_port": port, "to_port": port}
    tags = {"Name": id}
    VpcSecurityGroupEgressRule(
        scope, f"{id}-out", security_group_id=source, referenced_security_group_id=target, tags=tags, **common
    )
    VpcSecurityGroupIngressRule(
        scope, f"{id}-in", security_group_id=target, referenced_security_group_id=source, tags=tags, **common
    )


HTTPS = 443


def allow_https_out(scope: Construct, id: str, *, source: str) -> None:
    """Let members of group `source` reach any address on 443: image pulls, secrets and logs go there."""
    allow_out(scope, id, source=source, port=HTTPS, description="HTTPS to AWS services")


def allow_out(scope: Construct, id: str, *, source: str, port: int, description: str) -> None:
    """Let members of group `source` reach any address on TCP `port`; who is there decides whom it lets in."""
    VpcSecurityGroupEgressRule(
        scope,
        id,
        security_group_id=source,
        description=description,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        tags={"Name": id},
    )
