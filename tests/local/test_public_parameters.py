import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize(
    ("name", "architecture"),
    [
        ("/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id", "x86_64"),
        ("/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id", "arm64"),
        ("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", "arm64"),
    ],
)
def test_a_public_parameter_names_an_image_that_exists(shared_cloud: Cloud, name: str, architecture: str) -> None:
    """The image is described, and a launch template takes it."""
    image = shared_cloud.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    ec2 = shared_cloud.client("ec2")
    (found,) = ec2.describe_images(ImageIds=[image])["Images"]
    assert (found["Architecture"], found["ImageOwnerAlias"]) == (architecture, "amazon")
    made = ec2.create_launch_template(LaunchTemplateName=image, LaunchTemplateData={"ImageId": image})
    ec2.delete_launch_template(LaunchTemplateId=made["LaunchTemplate"]["LaunchTemplateId"])
