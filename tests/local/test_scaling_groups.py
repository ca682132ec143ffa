from collections.abc import Iterator

import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud

NAME = "hosts"


@pytest.fixture
def group(shared_cloud: Cloud) -> Iterator[str]:
    """Give a protected group of two instances."""
    scaling = shared_cloud.client("autoscaling")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=NAME,
        MinSize=1,
        MaxSize=3,
        DesiredCapacity=2,
        VPCZoneIdentifier="subnet-1",
        NewInstancesProtectedFromScaleIn=True,
        DefaultInstanceWarmup=60,
        LaunchTemplate={"LaunchTemplateId": "lt-1", "Version": "1"},
    )
    yield NAME
    scaling.delete_auto_scaling_group(AutoScalingGroupName=NAME, ForceDelete=True)


def _described(cloud: Cloud) -> dict:
    found = cloud.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[NAME])
    return found["AutoScalingGroups"][0]


def test_protection_can_be_taken_from_instances(shared_cloud: Cloud, group: str) -> None:
    """Without that a protected group cannot be destroyed."""
    instances = [each["InstanceId"] for each in _described(shared_cloud)["Instances"]]
    shared_cloud.client("autoscaling").set_instance_protection(
        AutoScalingGroupName=group, InstanceIds=instances[:1], ProtectedFromScaleIn=False
    )
    assert [each["ProtectedFromScaleIn"] for each in _described(shared_cloud)["Instances"]] == [False, True]


def test_metrics_collection_is_remembered(shared_cloud: Cloud, group: str) -> None:
    """It is switched on metric by metric and off altogether."""
    scaling = shared_cloud.client("autoscaling")
    names = ["GroupInServiceInstances", "GroupTotalInstances"]
    scaling.enable_metrics_collection(AutoScalingGroupName=group, Granularity="1Minute", Metrics=names)
    assert [each["Metric"] for each in _described(shared_cloud)["EnabledMetrics"]] == names
    scaling.disable_metrics_collection(AutoScalingGroupName=group)
    assert not _described(shared_cloud).get("EnabledMetrics")


def test_an_update_changes_what_it_says(shared_cloud: Cloud, group: str) -> None:
    """Template version, protection and warm-up are updated in place."""
    shared_cloud.client("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=group,
        LaunchTemplate={"LaunchTemplateId": "lt-1", "Version": "2"},
        NewInstancesProtectedFromScaleIn=False,
        DefaultInstanceWarmup=90,
    )
    found = _described(shared_cloud)
    assert found["LaunchTemplate"]["Version"] == "2"
    assert (found["NewInstancesProtectedFromScaleIn"], found["DefaultInstanceWarmup"]) == (False, 90)
