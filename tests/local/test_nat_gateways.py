import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud


def test_a_gateway_tells_its_address(shared_cloud: Cloud) -> None:
    """Each of two gateways comes back with the allocation it was made with."""
    ec2 = shared_cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/20")["Subnet"]["SubnetId"]
    allocations = [ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(2)]
    made = [
        ec2.create_nat_gateway(SubnetId=subnet, AllocationId=allocation)["NatGateway"]["NatGatewayId"]
        for allocation in allocations
    ]
    found = ec2.describe_nat_gateways(NatGatewayIds=made)["NatGateways"]
    addresses = {gateway["NatGatewayId"]: gateway["NatGatewayAddresses"][0] for gateway in found}
    assert [addresses[gateway]["AllocationId"] for gateway in made] == allocations
    assert all(address["IsPrimary"] for address in addresses.values())
