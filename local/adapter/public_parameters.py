"""Serve the public parameters that name Amazon's machine images, and those images.

MiniStack 1.5.33 knows two of them and refuses to store others, their names being reserved. Unnecessary once it serves
`/aws/service/ecs/optimized-ami` and all of `/aws/service/ami-amazon-linux-latest`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ministack.services import ec2, ssm

from local.adapter._patching import around


class Image(NamedTuple):
    """A machine image that exists by name only."""

    identity: str
    name: str
    owner: str
    architecture: str


_ECS, _AMAZON = "591542846629", "137112412989"
_ECS_PATH = "/aws/service/ecs/optimized-ami/amazon-linux-2023"
_LATEST_PATH = "/aws/service/ami-amazon-linux-latest"

IMAGES = {
    f"{_ECS_PATH}/recommended/image_id": Image(
        "ami-0ec5a2023b0000001", "al2023-ami-ecs-hvm-2023.0-kernel-6.1-x86_64-ebs", _ECS, "x86_64"
    ),
    f"{_ECS_PATH}/arm64/recommended/image_id": Image(
        "ami-0ec5a2023b0000002", "al2023-ami-ecs-hvm-2023.0-kernel-6.1-arm64-ebs", _ECS, "arm64"
    ),
    f"{_LATEST_PATH}/al2023-ami-kernel-default-arm64": Image(
        "ami-0c2023a1b2c3d4e60", "al2023-ami-2023.6.20241010.0-kernel-6.1-arm64", _AMAZON, "arm64"
    ),
}


def install() -> None:
    """Add parameters and images to those that MiniStack knows."""
    ssm._PUBLIC_AMI_PARAMETERS.update({name: image.identity for name, image in IMAGES.items()})
    ec2._STUB_AMIS.extend(
        (image.identity, image.name, image.name, "", "/dev/xvda", image.owner, "amazon") for image in IMAGES.values()
    )
    around(ec2, "_stub_image_view")(_view)


def _view(original: Callable[..., dict[str, Any]], identity: str, *rest: Any) -> dict[str, Any]:
    """Name the architecture, which MiniStack takes for x86_64."""
    architecture = next((image.architecture for image in IMAGES.values() if image.identity == identity), "x86_64")
    return {**original(identity, *rest), "Architecture": architecture}
