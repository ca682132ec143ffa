"""Everything inside a VPC, and the VPC itself."""

from collections.abc import Callable, Iterator
from typing import Any

from ops.aws import listed, tag_map
from ops.place import Place
from ops.sweep.kind import Item, Kind, Scope

Find = Callable[[Place, Scope], Iterator[Item]]
GONE = {"deleted", "deleting"}


def _find(operation: str, key: str, id_key: str) -> Find:
    def find(place: Place, scope: Scope) -> Iterator[Item]:
        for item in listed(place, "ec2", operation, key):
            tags = tag_map(item.get("Tags"))
            if str(item.get("State", "")).lower() not in GONE and scope.covers(tags):
                yield Item(item[id_key], tags.get("Name", ""))

    return find


def _flow_logs(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "ec2", "describe_flow_logs", "FlowLogs"):
        if item.get("LogDestination", "").endswith(f":/{scope.prefix}/flow-logs") and scope.covers_stack("base"):
            yield Item(item["FlowLogId"])


def _call(operation: str, argument: str, *, many: bool = False) -> Callable[[Place, str], object]:
    def delete(place: Place, found: str) -> object:
        return getattr(place.client("ec2"), operation)(**{argument: [found] if many else found})

    return delete


def _delete_nat_gateway(place: Place, gateway: str) -> None:
    place.client("ec2").delete_nat_gateway(NatGatewayId=gateway)
    place.client("ec2").get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway])


def _delete_rule(place: Place, rule: str) -> None:
    ec2 = place.client("ec2")
    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"][0]
    revoke = ec2.revoke_security_group_egress if found["IsEgress"] else ec2.revoke_security_group_ingress
    revoke(GroupId=found["GroupId"], SecurityGroupRuleIds=[rule])


def _delete_route_table(place: Place, table: str) -> None:
    ec2 = place.client("ec2")
    for found in listed(place, "ec2", "describe_route_tables", "RouteTables", RouteTableIds=[table]):
        for association in found["Associations"]:
            ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    ec2.delete_route_table(RouteTableId=table)


def _delete_internet_gateway(place: Place, gateway: str) -> None:
    ec2 = place.client("ec2")
    for found in listed(place, "ec2", "describe_internet_gateways", "InternetGateways", InternetGatewayIds=[gateway]):
        for attachment in found["Attachments"]:
            ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=attachment["VpcId"])
    ec2.delete_internet_gateway(InternetGatewayId=gateway)


def _groups(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "ec2", "describe_security_groups", "SecurityGroups"):
        # the default group carries our tags too and goes with its VPC
        if item["GroupName"] != "default" and scope.covers(tag_map(item.get("Tags"))):
            yield Item(item["GroupId"], item["GroupName"])


def _endpoints_delete(place: Place, endpoint: str) -> Any:  # noqa: ANN401 - boto3's answer
    return place.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[endpoint])


KINDS = (
    Kind("flow log", _flow_logs, _call("delete_flow_logs", "FlowLogIds", many=True)),
    Kind("VPC endpoint", _find("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"), _endpoints_delete),
    Kind("NAT gateway", _find("describe_nat_gateways", "NatGateways", "NatGatewayId"), _delete_nat_gateway),
    Kind(
        "address",
        _find("describe_addresses", "Addresses", "AllocationId"),
        _call("release_address", "AllocationId"),
    ),
    Kind(
        "security group rule",
        _find("describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
        _delete_rule,
    ),
    Kind("security group", _groups, _call("delete_security_group", "GroupId")),
    Kind("route table", _find("describe_route_tables", "RouteTables", "RouteTableId"), _delete_route_table),
    Kind("subnet", _find("describe_subnets", "Subnets", "SubnetId"), _call("delete_subnet", "SubnetId")),
    Kind(
        "internet gateway",
        _find("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
        _delete_internet_gateway,
    ),
    Kind("VPC", _find("describe_vpcs", "Vpcs", "VpcId"), _call("delete_vpc", "VpcId")),
)
