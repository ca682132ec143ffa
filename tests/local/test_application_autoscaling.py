from collections.abc import Callable
from typing import Any

import pytest

from local.adapter import _tracking
from tests.local import jobs, services
from tests.local.conftest import Cloud
from tests.local.kills import kill

DIMENSION = "ecs:service:DesiredCount"
PLACE = {"ServiceNamespace": "ecs", "ScalableDimension": DIMENSION}
TRACKING = {
    "TargetValue": 60.0,
    "ScaleInCooldown": 300,
    "ScaleOutCooldown": 60,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
}


@pytest.mark.parametrize(
    ("values", "count", "expected"),
    [
        ([90, 90], 2, 2),
        ([90, 90, 90], 2, 3),
        ([50, 90, 90, 120], 2, 4),
        ([120, 120, 55], 2, 2),
        ([30] * 14, 4, 4),
        ([30] * 15, 4, 2),
        ([30] * 14 + [58], 4, 4),
        ([0] * 15, 4, 1),
    ],
)
def test_the_count_follows_the_metric(values: list[float], count: int, expected: int) -> None:
    """Out after three measurements above the target, in after fifteen well below, else not at all."""
    assert _tracking.decide(values, 60, count) == expected


@pytest.mark.parametrize(
    ("change", "since", "more", "allowed"),
    [
        (1, 59, {}, False),
        (1, 61, {}, True),
        (-1, 61, {}, False),
        (-1, 301, {}, True),
        (-1, 301, {"DisableScaleIn": True}, False),
    ],
)
def test_a_cooldown_holds_the_next_change_back(
    monkeypatch: pytest.MonkeyPatch, change: int, since: float, more: dict, allowed: bool
) -> None:
    """Out and in have their own; scaling in can be forbidden."""
    monkeypatch.setattr(_tracking.time, "time", lambda: 1000.0 + since)
    assert _tracking._allowed({"_changed": 1000.0}, TRACKING | more, change) is allowed


@pytest.mark.parametrize(
    ("meanwhile", "expected"),
    [
        (lambda _targets, _service: None, [4]),
        (lambda targets, _service: targets.clear(), []),
        (lambda _targets, service: service.update(desiredCount=0), []),
    ],
    ids=["nothing", "deregistered", "set_to_zero"],
)
def test_a_service_that_goes_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[dict, dict], None], expected: list[int]
) -> None:
    """What was measured before its target went or its count was changed is acted on no more."""
    target = {"ResourceId": "service/c/s", "MinCapacity": 1, "MaxCapacity": 9}
    service, targets, counts = {"desiredCount": 2}, {"key": target}, []

    def measured(*_: object) -> int:
        meanwhile(targets, service)
        return 4

    monkeypatch.setattr(_tracking.application_autoscaling, "targets", targets)
    monkeypatch.setattr(_tracking.application_autoscaling, "service_of", lambda _: ("c", service))
    monkeypatch.setattr(_tracking, "_policies", lambda _: [{}])
    monkeypatch.setattr(_tracking, "_followed", measured)
    monkeypatch.setattr(_tracking, "_set", lambda _target, _cluster, _service, wanted: counts.append(wanted))
    _tracking.look(target)
    assert counts == expected


def _bare_service(cloud: Cloud, name: str) -> dict[str, Any]:
    """Make a service that wants no task, and give its place."""
    jobs.prepare(cloud)
    definition = jobs.register(cloud, jobs.container("none", "true"))
    cloud.client("ecs").create_service(cluster="test", serviceName=name, taskDefinition=definition, desiredCount=0)
    return {**PLACE, "ResourceId": f"service/test/{name}"}


@pytest.mark.cloud
def test_targets_policies_actions_and_tags_are_kept_over_a_kill(make_cloud: Callable[[], Cloud]) -> None:
    """What the provider wrote it reads again, and takes away piece by piece."""
    cloud = make_cloud()
    cloud.start()
    place = _bare_service(cloud, "kept")
    scaling = cloud.client("application-autoscaling")
    arn = scaling.register_scalable_target(**place, MinCapacity=0, MaxCapacity=4, Tags={"Name": "kept"})
    scaling.put_scaling_policy(
        **place,
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=TRACKING,
    )
    night = {"MinCapacity": 0, "MaxCapacity": 1}
    scaling.put_scheduled_action(
        **place, ScheduledActionName="night", Schedule="cron(0 22 * * ? *)", ScalableTargetAction=night
    )
    kill(cloud)
    cloud.start()
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[place["ResourceId"]])[
        "ScalableTargets"
    ]
    assert (target["MinCapacity"], target["MaxCapacity"], target["ScalableTargetARN"]) == (
        0,
        4,
        arn["ScalableTargetARN"],
    )
    (policy,) = scaling.describe_scaling_policies(ServiceNamespace="ecs", PolicyNames=["cpu"])["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == TRACKING
    (action,) = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert (action["ScalableTargetAction"], action["Timezone"]) == (night, "UTC")
    scaling.tag_resource(ResourceARN=arn["ScalableTargetARN"], Tags={"more": "yes"})
    scaling.untag_resource(ResourceARN=arn["ScalableTargetARN"], TagKeys=["Name"])
    assert scaling.list_tags_for_resource(ResourceARN=arn["ScalableTargetARN"])["Tags"] == {"more": "yes"}
    scaling.delete_scheduled_action(**place, ScheduledActionName="night")
    scaling.delete_scaling_policy(**place, PolicyName="cpu")
    scaling.deregister_scalable_target(**place)
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []
    with pytest.raises(scaling.exceptions.ObjectNotFoundException):
        scaling.deregister_scalable_target(**place)


@pytest.mark.cloud
def test_only_a_service_that_exists_can_be_scaled(shared_cloud: Cloud) -> None:
    """As on AWS."""
    scaling = shared_cloud.client("application-autoscaling")
    place = {**PLACE, "ResourceId": "service/test/nobody"}
    with pytest.raises(scaling.exceptions.ValidationException, match="doesn't exist"):
        scaling.register_scalable_target(**place, MinCapacity=1, MaxCapacity=2)


@pytest.mark.cloud
@pytest.mark.containers
def test_a_service_is_brought_within_its_limits(shared_cloud: Cloud, shell_image: str) -> None:
    """Too few tasks become the minimum; the change is told as an activity."""
    with services.site(shared_cloud, "limited", shell_image, count=1) as site:
        site.settle()
        scaling = shared_cloud.client("application-autoscaling")
        place = {**PLACE, "ResourceId": "service/test/limited"}
        scaling.register_scalable_target(**place, MinCapacity=2, MaxCapacity=3)
        jobs.wait(lambda: site.describe()["runningCount"], lambda count: count == 2, 40)
        told = scaling.describe_scaling_activities(ServiceNamespace="ecs", ResourceId=place["ResourceId"])
        assert "Setting desired count to 2" in told["ScalingActivities"][0]["Description"]
        scaling.deregister_scalable_target(**place)
