import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud


def test_an_interface_endpoint_keeps_its_settings(shared_cloud: Cloud) -> None:
    """Groups and private DNS come back, also after a change."""
    ec2 = shared_cloud.client("ec2")
    made = ec2.create_vpc_endpoint(
        VpcId="vpc-1",
        ServiceName="com.amazonaws.us-east-1.secretsmanager",
        VpcEndpointType="Interface",
        SecurityGroupIds=["sg-1"],
        PrivateDnsEnabled=True,
    )
    identity = made["VpcEndpoint"]["VpcEndpointId"]
    assert _settings(ec2.describe_vpc_endpoints(VpcEndpointIds=[identity])) == (["sg-1"], True)
    ec2.modify_vpc_endpoint(VpcEndpointId=identity, AddSecurityGroupIds=["sg-2"], RemoveSecurityGroupIds=["sg-1"])
    assert _settings(ec2.describe_vpc_endpoints(VpcEndpointIds=[identity])) == (["sg-2"], True)


def _settings(answer: dict) -> tuple[list[str], bool]:
    (found,) = answer["VpcEndpoints"]
    return [group["GroupId"] for group in found["Groups"]], found["PrivateDnsEnabled"]
