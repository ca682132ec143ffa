"""Private ways from a VPC to the AWS services that tasks need, for networks without NAT.

Creates: a security group that lets the VPC in on 443, and an interface endpoint a service in every private subnet.
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

SERVICES = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm")


class InterfaceEndpoints(Construct):
    """Interface endpoints of `SERVICES` in the subnets of the VPC `vpc_id` (range `cidr`) in AWS `region`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        cidr: str,
        subnet_ids: Sequence[str],
        region: str,
    ) -> None:
        super().__init__(scope, id)
        group = SecurityGroup(
            self,
            "group",
            name=f"{name}-endpoints",
            description="AWS services inside the VPC",
            vpc_id=vpc_id,
            tags={"Name": f"{name}-endpoints"},
        )
        VpcSecurityGroupIngressRule(
            self,
            "https",
            security_group_id=group.id,
            description="HTTPS from the VPC",
            cidr_ipv4=cidr,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            tags={"Name": f"{name}-endpoints"},
        )
        for service in SERVICES:
            VpcEndpoint(
                self,
                service.replace(".", "-"),
                vpc_id=vpc_id,
                service_name=f"com.amazonaws.{region}.{service}",
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=list(subnet_ids),
                security_group_ids=[group.id],
                tags={"Name": f"{name}-{service}"},
            )
