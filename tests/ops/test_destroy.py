import json
from pathlib import Path
from typing import Any

import pytest

from ops import destroy, former
from ops.errors import OpsError
from ops.place import Place
from ops.synth import CONFIGURATION, Stack
from tests.conftest import make_config


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a place on AWS."""
    return Place("test", tmp_path, tmp_path, make_config())


def _resource(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"mode": "managed", "type": kind, "name": "x", "instances": [{"attributes": attributes}]}


def test_a_script_confirms_by_the_name(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """CONFIRM with the environment's name takes the question's place."""
    monkeypatch.setenv("CONFIRM", "test")
    destroy.confirm(place)


@pytest.mark.parametrize("answer", ["yes", "", "Test"])
def test_nothing_goes_without_the_name(place: Place, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Anything but the environment's name destroys nothing."""
    monkeypatch.delenv("CONFIRM", raising=False)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    with pytest.raises(OpsError, match="test: nothing was destroyed, as its name was not typed"):
        destroy.confirm(place)


def test_local_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded cloud is there to be thrown away."""
    monkeypatch.delenv("CONFIRM", raising=False)
    destroy.confirm(Place("test", tmp_path, tmp_path, make_config(embedded_cloud={"port": 4566})))


def test_protection_is_read_from_the_state() -> None:
    """Only what refuses to go is changed before it is destroyed."""
    found = {
        "resources": [
            _resource("aws_lb", enable_deletion_protection=True),
            _resource("aws_db_instance", deletion_protection=False, skip_final_snapshot=False),
            _resource("aws_ecr_repository", force_delete=True),
            _resource("aws_vpc"),
        ]
    }
    assert destroy.protected(found) == ["aws_lb.x", "aws_db_instance.x"]


class Bucket:
    """Lists what it is given."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def can_paginate(self, _: str) -> bool:
        """Give one page always."""
        return False

    def list_objects_v2(self, **_: str) -> dict[str, Any]:
        """List every key."""
        return {"Contents": [{"Key": key} for key in self.keys]}


def test_stacks_that_left_the_settings_are_still_known(place: Place) -> None:
    """A site that was taken out can be destroyed with a backend and a provider alone, in the right order."""
    (place.root / CONFIGURATION).write_text(
        json.dumps(
            {"terraform": {"backend": {"s3": {"key": "test/base.tfstate"}}}, "provider": {}, "resource": {"a": 1}}
        )
    )
    place._clients["s3"] = Bucket("test/base.tfstate", "test/site-old.tfstate", "test/site-old.tfstate.tflock")
    (found,) = former.former_stacks(place, [Stack("base", place.root, frozenset())])
    assert found.needs == {"base", "cluster", "registry", "data-old", "jobs-old"}
    assert found.configuration() == {"terraform": {"backend": {"s3": {"key": "test/site-old.tfstate"}}}, "provider": {}}
