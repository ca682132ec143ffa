"""Networks: most things have no name of their own and are known by their tags."""

from collections.abc import Iterator
from typing import Any

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import listed, tag_map
from ops.place import Place

NAT_STATES = ("pending", "available")
ALL_PROTOCOLS = "-1"


def _by_tags(operation: str, key: str, id_key: str) -> Finder:
    """Find by all tags, the Name among them, inside the VPC where that is known."""

    def find(place: Place, wanted: Wanted) -> Iterator[Found]:
        for item in _tagged(place, wanted, operation, key):
            if not wanted["vpc_id"] or item.get("VpcId", wanted["vpc_id"]) == wanted["vpc_id"]:
                yield Found(item[id_key], tag_map(item.get("Tags")))

    return find


def _tagged(place: Place, wanted: Wanted, operation: str, key: str) -> Iterator[Any]:
    for item in listed(place, "ec2", operation, key):
        if wanted.tags and wanted.tags.items() <= tag_map(item.get("Tags")).items():
            yield item


def _internet_gateway(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _tagged(place, wanted, "describe_internet_gateways", "InternetGateways"):
        yield Found(item["InternetGatewayId"])


def _nat_gateway(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _tagged(place, wanted, "describe_nat_gateways", "NatGateways"):
        if item["State"] in NAT_STATES:
            place.client("ec2").get_waiter("nat_gateway_available").wait(NatGatewayIds=[item["NatGatewayId"]])
            yield Found(item["NatGatewayId"])


def _route(place: Place, wanted: Wanted) -> Iterator[Found]:
    table, target = wanted["route_table_id"], wanted["destination_cidr_block"]
    if table:
        for found in listed(place, "ec2", "describe_route_tables", "RouteTables", RouteTableIds=[table]):
            if any(route.get("DestinationCidrBlock") == target for route in found["Routes"]):
                yield Found(f"{table}_{target}")


def _route_table_association(place: Place, wanted: Wanted) -> Iterator[Found]:
    table, subnet = wanted["route_table_id"], wanted["subnet_id"]
    if table and subnet:
        for found in listed(place, "ec2", "describe_route_tables", "RouteTables", RouteTableIds=[table]):
            if any(item.get("SubnetId") == subnet for item in found["Associations"]):
                yield Found(f"{subnet}/{table}")


def _security_group(place: Place, wanted: Wanted) -> Iterator[Found]:
    if wanted["vpc_id"]:
        where = [{"Name": "vpc-id", "Values": [wanted["vpc_id"]]}]
        for item in listed(place, "ec2", "describe_security_groups", "SecurityGroups", Filters=where):
            if item["GroupName"] == wanted["name"]:
                yield Found(item["GroupId"], tag_map(item.get("Tags")))


def _rule(*, egress: bool) -> Finder:
    def find(place: Place, wanted: Wanted) -> Iterator[Found]:
        if not wanted["security_group_id"]:
            return
        where = [{"Name": "group-id", "Values": [wanted["security_group_id"]]}]
        for item in listed(place, "ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=where):
            if item["IsEgress"] is egress and _shape(item) == _wanted_shape(wanted):
                yield Found(item["SecurityGroupRuleId"])

    return find


def _shape(item: dict[str, Any]) -> tuple[Any, ...]:
    group = item.get("ReferencedGroupInfo", {}).get("GroupId")
    protocol = item["IpProtocol"]
    ports = (None, None) if protocol == ALL_PROTOCOLS else (item.get("FromPort"), item.get("ToPort"))
    return (protocol, *ports, group, item.get("CidrIpv4"))


def _wanted_shape(wanted: Wanted) -> tuple[Any, ...]:
    names = ("ip_protocol", "from_port", "to_port", "referenced_security_group_id", "cidr_ipv4")
    return tuple(wanted[name] for name in names)


def _flow_log(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in listed(place, "ec2", "describe_flow_logs", "FlowLogs"):
        if (item["ResourceId"], item.get("LogDestination")) == (wanted["vpc_id"], wanted["log_destination"]):
            yield Found(item["FlowLogId"])


def _launch_template(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in listed(place, "ec2", "describe_launch_templates", "LaunchTemplates"):
        if item["LaunchTemplateName"] == wanted["name"]:
            yield Found(item["LaunchTemplateId"], tag_map(item.get("Tags")))


def _vpc_endpoint(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _tagged(place, wanted, "describe_vpc_endpoints", "VpcEndpoints"):
        if item["State"].lower() in {"pending", "available"}:
            yield Found(item["VpcEndpointId"])


FINDERS: dict[str, Finder] = {
    "aws_vpc": _by_tags("describe_vpcs", "Vpcs", "VpcId"),
    "aws_subnet": _by_tags("describe_subnets", "Subnets", "SubnetId"),
    "aws_eip": _by_tags("describe_addresses", "Addresses", "AllocationId"),
    "aws_route_table": _by_tags("describe_route_tables", "RouteTables", "RouteTableId"),
    "aws_flow_log": _flow_log,
    "aws_internet_gateway": _internet_gateway,
    "aws_nat_gateway": _nat_gateway,
    "aws_route": _route,
    "aws_route_table_association": _route_table_association,
    "aws_security_group": _security_group,
    "aws_vpc_security_group_ingress_rule": _rule(egress=False),
    "aws_vpc_security_group_egress_rule": _rule(egress=True),
    "aws_launch_template": _launch_template,
    "aws_vpc_endpoint": _vpc_endpoint,
}
