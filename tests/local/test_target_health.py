from collections.abc import Callable

import pytest

from local.adapter import _targets, target_health
from tests.local import balancing, jobs
from tests.local.conftest import Cloud

GROUP = {"HealthyThresholdCount": 3, "UnhealthyThresholdCount": 2}
FAULT = ("Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]")


def _target(state: str = _targets.INITIAL) -> _targets.Target:
    return _targets.Target("group", "10.0.0.1", 8080, state)


@pytest.mark.parametrize(
    ("codes", "good", "bad"), [("200", [200], [201, 503]), ("200-299,404", [200, 299, 404], [199, 300, 403])]
)
def test_a_matcher_takes_codes_and_ranges(codes: str, good: list[int], bad: list[int]) -> None:
    """The group's matcher decides what is healthy."""
    assert [target_health.matches(codes, status) for status in good + bad] == [True] * len(good) + [False] * len(bad)


def test_a_new_target_is_healthy_after_one_success() -> None:
    """As on AWS the threshold is for a target that was unhealthy."""
    target = _target()
    target_health.judge(target, GROUP, None)
    assert target.state == "healthy"


def test_an_unhealthy_target_needs_its_successes_in_a_row() -> None:
    """A failure in between starts the count anew."""
    target = _target(_targets.UNHEALTHY)
    for fault in (None, None, FAULT, None, None):
        target_health.judge(target, GROUP, fault)
    assert target.state == "unhealthy"
    target_health.judge(target, GROUP, None)
    assert target.state == "healthy"


@pytest.mark.parametrize("state", [_targets.INITIAL, _targets.HEALTHY])
def test_failures_make_unhealthy_at_the_threshold(state: str) -> None:
    """One failure is none; the reason is the last one's."""
    target = _target(state)
    target_health.judge(target, GROUP, FAULT)
    assert target.state == state
    target_health.judge(target, GROUP, FAULT)
    assert (target.state, target.reason, target.description) == ("unhealthy", *FAULT)


def test_a_draining_target_is_not_judged() -> None:
    """A late answer does not bring it back."""
    target = _target(_targets.DRAINING)
    target_health.judge(target, GROUP, None)
    assert target.state == "draining"


@pytest.mark.cloud
def test_health_is_probed_and_told(shared_cloud: Cloud) -> None:
    """A target goes from initial to healthy, to unhealthy with its reason, and back."""
    group = balancing.group(shared_cloud, "probed")
    elb = shared_cloud.client("elbv2")

    def health() -> dict:
        return elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"][0]["TargetHealth"]

    with balancing.backend() as server:
        server.status = 503
        balancing.register(shared_cloud, group, server)
        assert health()["Reason"] == "Target.NotInUse"
        with balancing.listener(shared_cloud, "probed", balancing.forward(group)):
            assert health()["State"] == "initial"
            seen = jobs.wait(health, lambda found: found["State"] == "unhealthy", seconds=10)
            assert (seen["Reason"], seen["Description"]) == FAULT
            server.status = 200
            assert jobs.wait(health, lambda found: found["State"] == "healthy", seconds=10) == {"State": "healthy"}


@pytest.mark.cloud
def test_only_healthy_targets_are_asked_unless_none_is(shared_cloud: Cloud) -> None:
    """A sick target gets nothing while another is well; when all are sick each gets its share."""
    group = balancing.group(shared_cloud, "chosen")
    with (
        balancing.backend("well") as well,
        balancing.backend("sick") as sick,
        balancing.listener(shared_cloud, "chosen", balancing.forward(group)) as (_, port),
    ):
        balancing.register(shared_cloud, group, well, sick)
        sick.status = 500
        _settled(shared_cloud, group, {"healthy", "unhealthy"})
        assert _names(port) == {"well"}
        well.status = 500
        _settled(shared_cloud, group, {"unhealthy"})
        assert _names(port) == {"well", "sick"}


def _settled(cloud: Cloud, group: str, wanted: set[str]) -> None:
    check: Callable[[dict[int, str]], bool] = lambda seen: set(seen.values()) == wanted  # noqa: E731 -- read as one
    jobs.wait(lambda: balancing.states(cloud, group), check, seconds=15)


def _names(port: int) -> set[str]:
    return {balancing.get(port).splitlines()[0] for _ in range(8)}


@pytest.mark.cloud
def test_an_unknown_target_is_said_to_be_unused(shared_cloud: Cloud) -> None:
    """Asking for a target by name answers even when it is not registered."""
    group = balancing.group(shared_cloud, "unknown")
    asked = [{"Id": "10.9.9.9", "Port": 80}]
    found = shared_cloud.client("elbv2").describe_target_health(TargetGroupArn=group, Targets=asked)
    assert found["TargetHealthDescriptions"][0]["TargetHealth"]["State"] == "unused"
