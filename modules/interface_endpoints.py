"""Private ways from a VPC to the AWS services that tasks need, for networks without NAT.

Creates: a security group that lets the VPC in on 443, and an interface endpoint a service in every private subnet.
"""

from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

if TYPE_CHECKING:
    from modules.network import Network

SERVICES = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm")


class InterfaceEndpoints(Construct):
    """Interface endpoints of `SERVICES` for `network` in the AWS region `region`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        network: "Network",
        region: str,
    ) -> None:
        super().__init__(scope, id)
        name = f"{network.name}-endpoints"
        group = SecurityGroup(
            self,
            "group",
            name=name,
            description="AWS services inside the VPC",
            vpc_id=network.vpc_id,
            tags={"Name": name},
        )
        VpcSecurityGroupIngressRule(
            self,
            "https",
            security_group_id=group.id,
            description="HTTPS from the VPC",
            cidr_ipv4=network.cidr,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            tags={"Name": name},
        )
        for service in SERVICES:
            VpcEndpoint(
                self,
                service.replace(".", "-"),
                vpc_id=network.vpc_id,
                service_name=f"com.amazonaws.{region}.{service}",
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=network.private_subnet_ids,
                security_group_ids=[group.id],
                tags={"Name": f"{network.name}-{service}"},
            )
