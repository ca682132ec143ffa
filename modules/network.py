"""A VPC with public and private subnets in several zones.

Creates: VPC, internet gateway, one public and one private subnet a zone, route tables with routes as resources of
their own (in-line routes drift), NAT gateways with addresses as `nat` says, an S3 gateway endpoint, interface
endpoints when asked for, the default security group closed, and flow logs.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Literal

from cdktf import Fn
from cdktf_cdktf_provider_aws.data_aws_availability_zones import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
)
from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.flow_logs import FlowLogs
from modules.interface_endpoints import InterfaceEndpoints
from modules.subnets import private_cidrs, public_cidrs


class Network(Construct):
    """A VPC called `name` over `cidr` (an `IPv4Network`, /16 to /20) in `zones` Availability Zones.

    `nat`: one NAT gateway `per_zone` (default), a `single` one, or `none`. `flow_log_days`: retention of the flow logs,
    None for no flow logs. `interface_endpoints`: private ways to ECR, logs, secrets and SSM; default none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        cidr: IPv4Network,
        zones: int = 3,
        nat: Literal["none", "single", "per_zone"] = "per_zone",
        flow_log_days: int | None = 30,
        interface_endpoints: bool = False,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.cidr = str(cidr)
        self.vpc = Vpc(
            self,
            "vpc",
            cidr_block=self.cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={"Name": name},
        )
        self.vpc_id = self.vpc.id
        self.zones = self._zone_names(zones)
        DefaultSecurityGroup(
            self, "default-security-group", vpc_id=self.vpc_id, tags={"Name": f"{name}-default-closed"}
        )
        self._public = self._subnets("public", public_cidrs(cidr, zones))
        self._private = self._subnets("private", private_cidrs(cidr, zones))
        self.public_subnet_ids = [subnet.id for subnet in self._public]
        self.private_subnet_ids = [subnet.id for subnet in self._private]
        self.public_subnet_cidrs = public_cidrs(cidr, zones)
        private_tables = self._route_private(self._route_public(), nat)
        region = DataAwsRegion(self, "region")
        VpcEndpoint(
            self,
            "s3",
            vpc_id=self.vpc_id,
            service_name=f"com.amazonaws.{region.name}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in private_tables],
            tags={"Name": f"{name}-s3"},
        )
        if interface_endpoints:
            InterfaceEndpoints(
                self,
                "endpoints",
                name=name,
                vpc_id=self.vpc_id,
                cidr=self.cidr,
                subnet_ids=self.private_subnet_ids,
                region=region.name,
            )
        if flow_log_days is not None:
            FlowLogs(self, "flow-logs", name=name, vpc_id=self.vpc_id, retention_days=flow_log_days)

    def _zone_names(self, count: int) -> list[str]:
        # Local Zones would come first by name in some regions and hold no load balancer
        available = DataAwsAvailabilityZones(
            self,
            "zones",
            state="available",
            filter=[DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])],
        )
        return [Fn.element(available.names, index) for index in range(count)]

    def _subnets(self, kind: str, cidrs: Sequence[str]) -> list[Subnet]:
        return [
            Subnet(
                self,
                f"{kind}-{index}",
                vpc_id=self.vpc_id,
                cidr_block=block,
                availability_zone=self.zones[index],
                map_public_ip_on_launch=False,
                tags={"Name": f"{self.name}-{kind}-{index}"},
            )
            for index, block in enumerate(cidrs)
        ]

    def _route_public(self) -> Route:
        gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self.name})
        table = RouteTable(self, "public", vpc_id=self.vpc_id, tags={"Name": f"{self.name}-public"})
        route = Route(
            self, "public-route", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id
        )
        for index, subnet in enumerate(self._public):
            RouteTableAssociation(self, f"public-association-{index}", route_table_id=table.id, subnet_id=subnet.id)
        return route

    def _route_private(self, internet: Route, nat: str) -> list[RouteTable]:
        gateways = self._nat_gateways(internet, {"none": 0, "single": 1, "per_zone": len(self._public)}[nat])
        tables = []
        for index, subnet in enumerate(self._private):
            table = RouteTable(
                self, f"private-table-{index}", vpc_id=self.vpc_id, tags={"Name": f"{self.name}-private-{index}"}
            )
            RouteTableAssociation(self, f"private-association-{index}", route_table_id=table.id, subnet_id=subnet.id)
            if gateways:
                Route(
                    self,
                    f"private-route-{index}",
                    route_table_id=table.id,
                    destination_cidr_block="0.0.0.0/0",
                    nat_gateway_id=gateways[index % len(gateways)].id,
                )
            tables.append(table)
        return tables

    def _nat_gateways(self, internet: Route, count: int) -> list[NatGateway]:
        gateways = []
        for index, subnet in enumerate(self._public[:count]):
            name = f"{self.name}-nat-{index}"
            address = Eip(self, f"nat-address-{index}", domain="vpc", tags={"Name": name})
            gateways.append(
                NatGateway(
                    self,
                    f"nat-{index}",
                    subnet_id=subnet.id,
                    allocation_id=address.id,
                    tags={"Name": name},
                    # a gateway without a route to the internet comes up broken
                    depends_on=[internet],
                )
            )
        return gateways
