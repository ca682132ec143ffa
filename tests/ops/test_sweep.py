import pytest

from ops import sweep
from ops.sweep.kind import Scope

OURS = {"berth:environment": "local", "berth:stack": "base"}


@pytest.mark.parametrize(
    ("scope", "tags", "covered"),
    [
        (Scope("local"), OURS, True),
        (Scope("local"), OURS | {"berth:environment": "production"}, False),
        (Scope("local"), {"berth:stack": "base"}, False),
        (Scope("local"), {}, False),
        (Scope("local", kept=frozenset({"base"})), OURS, False),
        (Scope("local", kept=frozenset({"registry"})), OURS, True),
        (Scope("local", only="base"), OURS, True),
        (Scope("local", only="cluster"), OURS, False),
    ],
)
def test_what_is_swept(scope: Scope, tags: dict[str, str], covered: bool) -> None:
    """Only what carries the environment's tag, without the stacks that stay, or of one stack alone."""
    assert scope.covers(tags) is covered


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("berth-local", True),
        ("berth-local-wiki", True),
        ("berth-local/x", True),
        ("berth-local2", False),
        ("berth-locally-wiki", False),
        ("other", False),
    ],
)
def test_names_of_the_environment(name: str, ours: bool) -> None:
    """An environment whose name begins like ours keeps its things."""
    assert Scope("local").has_prefix(name) is ours


def test_order_of_deletion() -> None:
    """What uses a thing goes before it."""
    names = [kind.name for kind in sweep.KINDS]
    pairs = [
        ("service", "cluster"),
        ("Auto Scaling group", "capacity provider"),
        ("listener rule", "target group"),
        ("load balancer", "security group"),
        ("database", "database subnet group"),
        ("NAT gateway", "address"),
        ("security group", "VPC"),
        ("internet gateway", "VPC"),
    ]
    assert [pair for pair in pairs if names.index(pair[0]) > names.index(pair[1])] == []
