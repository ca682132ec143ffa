import pytest

from tests.local.conftest import Cloud


@pytest.mark.cloud
@pytest.mark.parametrize(("given", "expected"), [({}, "ENABLED"), ({"managedDraining": "DISABLED"}, "DISABLED")])
def test_managed_draining_is_kept(shared_cloud: Cloud, given: dict, expected: str) -> None:
    """As it was asked for; on where nobody asked."""
    ecs = shared_cloud.client("ecs")
    group = "arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:1:autoScalingGroupName/hosts"
    name = f"hosts-{expected.lower()}"
    ecs.create_capacity_provider(name=name, autoScalingGroupProvider={"autoScalingGroupArn": group, **given})
    (found,) = ecs.describe_capacity_providers(capacityProviders=[name])["capacityProviders"]
    assert found["autoScalingGroupProvider"]["managedDraining"] == expected
