"""Resource addresses are state addresses: a renamed one would be destroyed and made anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Stacks

GOLDEN = Path(__file__).parent / "golden"
STATEFUL = ("aws_db_instance", "aws_efs_file_system", "aws_secretsmanager_secret", "aws_ecr_repository", "aws_vpc")


def addresses(stack: dict) -> list[str]:
    """Return the addresses of a stack's resources."""
    return sorted(f"{kind}.{name}" for kind, named in stack.get("resource", {}).items() for name in named)


@pytest.mark.parametrize("name", ["registry", "base", "cluster", "data-wiki", "jobs-wiki", "site-wiki"])
def test_addresses_are_those_of_the_last_release(synth: Callable[..., Stacks], name: str) -> None:
    """A construct that was renamed, added or removed shows as a line here, to be accepted on purpose."""
    assert addresses(synth()[name]) == (GOLDEN / f"{name}.txt").read_text().split()


def test_addresses_of_the_ec2_platform(synth: Callable[..., Stacks]) -> None:
    """The same for the cluster on EC2 instances."""
    cluster = synth(cluster={"platform": "ecs"})["cluster"]
    assert addresses(cluster) == (GOLDEN / "cluster-ecs.txt").read_text().split()


def test_what_must_survive_is_apart_from_what_need_not(synth: Callable[..., Stacks]) -> None:
    """The site's own stack holds nothing stateful: destroying it cannot drop a database."""
    assert not [a for a in addresses(synth()["site-wiki"]) if a.split(".")[0] in STATEFUL]


def test_a_change_of_platform_keeps_the_cluster(synth: Callable[..., Stacks]) -> None:
    """Fargate and EC2 instances share the ECS cluster's address, so that switching replaces only the capacity."""
    on = {platform: set(addresses(synth(cluster={"platform": platform})["cluster"])) for platform in ("fargate", "ecs")}
    assert {a for a in on["fargate"] if a.startswith(("aws_ecs_", "aws_lb"))} <= on["ecs"]
