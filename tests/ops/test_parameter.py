from pathlib import Path

from ops import parameter
from tests.ops.fakes import Ssm, place

NAME = "/berth/test/wiki/image"


def test_before_the_first_release_there_is_none(tmp_path: Path) -> None:
    """Absence is no error."""
    assert parameter.read(place(tmp_path, ssm=Ssm()), "wiki") is None


def test_the_first_value_carries_the_tags(tmp_path: Path) -> None:
    """What Terraform does not own is still found by its tags when everything is destroyed."""
    ssm = Ssm()
    parameter.write(place(tmp_path, ssm=ssm), "wiki", "one@sha256:1")
    assert ssm.values == {NAME: "one@sha256:1"}
    assert {tag["Key"]: tag["Value"] for tag in ssm.tags[NAME]} == {
        "berth:environment": "test",
        "berth:stack": "release-wiki",
        "Name": "berth-test-wiki",
    }


def test_later_values_replace_it(tmp_path: Path) -> None:
    """SSM takes tags only with the first value."""
    here = place(tmp_path, ssm=Ssm(**{NAME: "one"}))
    parameter.write(here, "wiki", "two")
    assert parameter.read(here, "wiki") == "two"


def test_restoring_the_former_value(tmp_path: Path) -> None:
    """A failed release leaves the parameter as it was."""
    here = place(tmp_path, ssm=Ssm(**{NAME: "two"}))
    parameter.restore(here, "wiki", "one")
    assert parameter.read(here, "wiki") == "one"


def test_restoring_absence(tmp_path: Path) -> None:
    """A failed first release leaves no parameter."""
    here = place(tmp_path, ssm=Ssm(**{NAME: "two"}))
    parameter.restore(here, "wiki", None)
    assert parameter.read(here, "wiki") is None
