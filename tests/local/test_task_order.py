import graphlib

import pytest

from local.adapter.task_order import holds, start_order


def _definition(name: str, *needs: str) -> dict:
    return {"name": name, "dependsOn": [{"containerName": need, "condition": "START"} for need in needs]}


def test_what_is_needed_starts_first() -> None:
    """A container comes after everything it depends on."""
    definitions = [_definition("web", "proxy", "init"), _definition("proxy", "init"), _definition("init")]
    assert start_order(definitions) == [2, 1, 0]


def test_the_order_of_the_definition_is_kept_otherwise() -> None:
    """Containers without dependencies start as they stand."""
    assert start_order([_definition("b"), _definition("a"), _definition("c")]) == [0, 1, 2]


def test_a_circle_is_refused() -> None:
    """Two containers that wait for each other never start."""
    with pytest.raises(graphlib.CycleError):
        start_order([_definition("a", "b"), _definition("b", "a")])


@pytest.mark.parametrize(
    ("state", "met"),
    [
        ({"Status": "running"}, {"START"}),
        ({"Status": "running", "Health": {"Status": "healthy"}}, {"START", "HEALTHY"}),
        ({"Status": "exited", "ExitCode": 1}, {"START", "COMPLETE"}),
        ({"Status": "exited", "ExitCode": 0}, {"START", "COMPLETE", "SUCCESS"}),
    ],
)
def test_conditions(state: dict, met: set[str]) -> None:
    """Each condition of dependsOn holds in exactly the states that ECS names."""
    conditions = ("START", "COMPLETE", "SUCCESS", "HEALTHY")
    assert {condition for condition in conditions if holds(state, condition)} == met
