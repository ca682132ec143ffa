from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ops import registry, state, status
from ops.place import Place
from tests.conftest import make_config
from tests.ops.fakes import DIGEST, REPOSITORY, Ecs, Exceptions, Ssm

SITE = {"cluster_name": "berth-test", "service_name": "w", "target_group_arn": "arn:tg", "url": "http://w"}


class Elb:
    """A load balancer with one healthy target of two."""

    exceptions = Exceptions()

    def describe_target_health(self, **_: str) -> dict[str, Any]:
        states = ("healthy", "initial")
        return {"TargetHealthDescriptions": [{"TargetHealth": {"State": name}} for name in states]}


def _state(outputs: dict[str, Any]) -> dict[str, Any]:
    resources = [
        {"mode": "managed", "type": "aws_vpc", "name": "a", "instances": [{}]},
        {"mode": "managed", "type": "aws_eip", "name": "b", "instances": [{"index_key": 0}, {"index_key": 1}]},
        {"mode": "data", "type": "aws_region", "name": "c", "instances": [{}]},
    ]
    return {"resources": resources, "outputs": {name: {"value": value} for name, value in outputs.items()}}


def _place(folder: Path, **changes: Any) -> Place:
    image = {"/berth/test/wiki/image": f"{REPOSITORY}@{DIGEST}"}
    clients = {"ecs": Ecs(), "elbv2": Elb(), "ssm": Ssm(**image)}
    return Place("test", folder, folder / ".berth", make_config(**changes), clients)


def test_every_stack_in_order() -> None:
    """Shared ones first, then each site's three."""
    config = make_config(sites={"a": {"host": "a.example.org"}, "b": {"host": "b.example.org"}})
    assert status.stack_names(config) == (
        *("registry", "base", "cluster"),
        *("data-a", "jobs-a", "site-a", "data-b", "jobs-b", "site-b"),
    )


def test_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Managed resources are counted, what was never applied says so, a site shows tasks, health, version and URL."""
    states = {"base": _state({}), "site-wiki": _state(SITE)}
    monkeypatch.setattr(state, "read", lambda _, name: states.get(name))
    monkeypatch.setattr(registry, "version", lambda _, image: f"version of {image[-3:]}")
    console = Console(width=100)
    with console.capture() as capture:
        for table in status.tables(_place(tmp_path)):
            console.print(table)
    rows = [line.split() for line in capture.get().splitlines() if line.strip()]
    assert ["base", "3"] in rows
    assert ["cluster", "not", "applied"] in rows
    assert rows[-1] == ["wiki", "2", "of", "2", "1", "of", "2", "version", "of", "aaa", "http://w"]


def test_a_site_that_was_never_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of services that do not exist."""
    monkeypatch.setattr(state, "read", lambda _, __: None)
    place = _place(tmp_path, sites={"blog": {"host": "blog.example.org"}})
    (found,) = status.sites(place, status.stacks(place))
    assert found == status.SiteStatus("blog", "0 of 0", "0", "none", "not applied")
