import io
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import plans
from ops.errors import OpsError
from ops.place import Place
from ops.synth import CONFIGURATION, Stack
from tests.conftest import make_config

PARAMETER = {"data": {"aws_ssm_parameter": {"image": {"name": "/berth/test/wiki/image"}}}}


class Cloud:
    """Knows some states and parameters, and nothing else."""

    def __init__(self, *known: str) -> None:
        self.known = known

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803, ARG002 - AWS's spelling
        """Give what is known, or S3's own error."""
        if Key not in self.known:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(b"{}")}

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's spelling
        """Give what is known, or SSM's own error."""
        if Name not in self.known:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": "x"}}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a place whose cloud is empty."""
    return _with(Place("test", tmp_path, tmp_path, make_config()))


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """Give a stack that needs another, and a released image."""
    (tmp_path / CONFIGURATION).write_text(json.dumps(PARAMETER))
    return Stack("jobs-wiki", tmp_path, frozenset({"data-wiki"}))


def _with(place: Place, *known: str) -> Place:
    place._clients["s3"] = place._clients["ssm"] = Cloud(*known)
    return place


def test_without_a_plan_there_is_nothing_to_review(place: Place, stack: Stack) -> None:
    """Apply plans by itself then."""
    assert plans.file_of(place, stack) is None
    assert plans.reviewed(place, [stack]) == ()


def test_reviewed_plan_is_the_one_applied(place: Place, stack: Stack) -> None:
    """The saved file is what apply gets, as long as the settings are the same."""
    plans.save(place, stack, changes=True)
    assert plans.file_of(place, stack) == place.work / "plans" / "jobs-wiki.tfplan"
    assert plans.reviewed(place, [stack]) == (stack,)


def test_plan_of_other_settings_is_refused(place: Place, stack: Stack) -> None:
    """What was reviewed no longer says what would be done."""
    plans.save(place, stack, changes=True)
    (stack.folder / CONFIGURATION).write_text("{}")
    with pytest.raises(OpsError, match="jobs-wiki: the settings changed since its plan was made; run `make plan"):
        plans.file_of(place, stack)


def test_deferred_stack_has_no_plan(place: Place, stack: Stack) -> None:
    """A stack that could not be planned is not applied as if it had been reviewed."""
    plans.save(place, stack, deferred="data-wiki has not been applied yet")
    assert plans.reviewed(place, [stack]) == ()


def test_applied_plans_are_forgotten(place: Place, stack: Stack) -> None:
    """A plan is applied once."""
    plans.save(place, stack, changes=True)
    plans.path(place, stack.name).touch()
    plans.discard_all(place)
    assert list((place.work / "plans").iterdir()) == []


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ((), "data-wiki has not been applied yet"),
        (("test/data-wiki.tfstate",), "no image has been released yet"),
        (("test/data-wiki.tfstate", "/berth/test/wiki/image"), ""),
    ],
)
def test_why_a_stack_has_to_wait(place: Place, stack: Stack, known: tuple[str, ...], reason: str) -> None:
    """First the stacks whose outputs it reads, then the image that a release names."""
    assert plans.deferral(_with(place, *known), stack) == reason
