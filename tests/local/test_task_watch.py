import pytest

from local.adapter.task_watch import observed, task_health


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ({"Status": "running"}, {"healthStatus": "UNKNOWN"}),
        ({"Status": "running", "Health": {"Status": "starting"}}, {"healthStatus": "UNKNOWN"}),
        ({"Status": "running", "Health": {"Status": "healthy"}}, {"healthStatus": "HEALTHY"}),
        ({"Status": "running", "Health": {"Status": "unhealthy"}}, {"healthStatus": "UNHEALTHY"}),
        (
            {"Status": "exited", "ExitCode": 4, "Health": {"Status": "unhealthy"}},
            {"lastStatus": "STOPPED", "exitCode": 4},
        ),
        (
            {"Status": "exited", "ExitCode": 137, "OOMKilled": True},
            {
                "lastStatus": "STOPPED",
                "exitCode": 137,
                "reason": "OutOfMemoryError: Container killed due to memory usage",
            },
        ),
    ],
)
def test_docker_states_become_fields_of_ecs(state: dict, fields: dict) -> None:
    """Health, end, exit code and the lack of memory are told in the words of ECS."""
    assert observed(state) == fields


@pytest.mark.parametrize(
    ("healths", "essentials", "summed"),
    [
        (["HEALTHY", "HEALTHY"], [True, True], "HEALTHY"),
        (["HEALTHY", "UNKNOWN"], [True, True], "UNKNOWN"),
        (["UNKNOWN", "UNHEALTHY"], [True, True], "UNHEALTHY"),
        (["HEALTHY", "UNHEALTHY"], [True, False], "HEALTHY"),
    ],
)
def test_a_task_is_as_healthy_as_its_essential_containers(
    healths: list[str], essentials: list[bool], summed: str
) -> None:
    """The worst essential container decides."""
    containers = [{"healthStatus": health} for health in healths]
    assert task_health({"containers": containers, "_container_essentials": essentials}) == summed
