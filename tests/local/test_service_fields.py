import pytest

from tests.local import jobs
from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud

NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}}


def _make(cloud: Cloud, name: str, **settings: object) -> dict:
    jobs.prepare(cloud)
    definition = jobs.register(cloud, jobs.container("none", "true"))
    return cloud.client("ecs").create_service(
        cluster="test", serviceName=name, taskDefinition=definition, desiredCount=0, **settings
    )["service"]


def _described(cloud: Cloud, name: str) -> dict:
    return cloud.client("ecs").describe_services(cluster="test", services=[name])["services"][0]


def test_zone_rebalancing_comes_back(shared_cloud: Cloud) -> None:
    """As it was asked for, as it was changed, and off where nobody asked."""
    assert (
        _make(shared_cloud, "balanced", availabilityZoneRebalancing="ENABLED")["availabilityZoneRebalancing"]
        == "ENABLED"
    )
    shared_cloud.client("ecs").update_service(
        cluster="test", service="balanced", availabilityZoneRebalancing="DISABLED"
    )
    assert _described(shared_cloud, "balanced")["availabilityZoneRebalancing"] == "DISABLED"
    _make(shared_cloud, "plain")
    assert _described(shared_cloud, "plain")["availabilityZoneRebalancing"] == "DISABLED"


def test_a_service_without_network_has_none(shared_cloud: Cloud) -> None:
    """An empty configuration makes the provider crash."""
    made = _make(shared_cloud, "bridged", placementStrategy=[{"type": "spread", "field": "instanceId"}])
    assert "networkConfiguration" not in made
    found = _described(shared_cloud, "bridged")
    assert "networkConfiguration" not in found
    assert found["placementStrategy"] == [{"type": "spread", "field": "instanceId"}]


def test_another_network_is_another_deployment(shared_cloud: Cloud) -> None:
    """The same one is not."""
    before = _make(shared_cloud, "moved", networkConfiguration=NETWORK)["deployments"][0]["id"]
    ecs = shared_cloud.client("ecs")
    same = ecs.update_service(cluster="test", service="moved", networkConfiguration=NETWORK)["service"]
    assert same["deployments"][0]["id"] == before
    other = {"awsvpcConfiguration": {**NETWORK["awsvpcConfiguration"], "securityGroups": ["sg-2"]}}
    changed = ecs.update_service(cluster="test", service="moved", networkConfiguration=other)["service"]
    assert changed["deployments"][0]["id"] != before
