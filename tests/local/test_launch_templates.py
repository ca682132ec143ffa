import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud


def test_network_interfaces_come_back_whole(shared_cloud: Cloud) -> None:
    """Security groups, the public address and the end with the instance."""
    interface = {
        "DeviceIndex": 0,
        "AssociatePublicIpAddress": False,
        "DeleteOnTermination": True,
        "Groups": ["sg-1", "sg-2"],
    }
    ec2 = shared_cloud.client("ec2")
    ec2.create_launch_template(LaunchTemplateName="hosts", LaunchTemplateData={"NetworkInterfaces": [interface]})
    (found,) = ec2.describe_launch_template_versions(LaunchTemplateName="hosts")["LaunchTemplateVersions"]
    assert found["LaunchTemplateData"]["NetworkInterfaces"] == [interface]
