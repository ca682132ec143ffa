from pathlib import Path

import pytest

from ops import cdktf
from ops.errors import OpsError
from setup.cdktf import node_folder
from tests.ops.fakes import place

PROGRAM = ".berth/cdktf/node_modules/cdktf-cli/bundle/bin/cdktf.js"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project that has cdktf-cli."""
    (tmp_path / PROGRAM).parent.mkdir(parents=True)
    (tmp_path / PROGRAM).touch()
    return tmp_path


def test_a_plan(root: Path) -> None:
    """The wheel's Node runs the project's cdktf; the committed provider lock is not made anew."""
    assert cdktf.command(place(root), ["plan", "base"]) == [
        str(node_folder(root) / "bin/node"),
        str(root / PROGRAM),
        *("plan", "base", "--skip-provider-lock"),
    ]


def test_other_commands_are_passed_on(root: Path) -> None:
    """`cdktf list` knows no provider lock."""
    assert cdktf.command(place(root), ["list"])[2:] == ["list"]


def test_without_cdktf_the_error_says_how(tmp_path: Path) -> None:
    """One sentence."""
    with pytest.raises(OpsError, match="cdktf-cli is not installed; run make cdktf first"):
        cdktf.command(place(tmp_path), ["plan"])


def test_its_programs_come_first(root: Path) -> None:
    """main.py runs in the virtual environment, whatever the shell has."""
    first, second, *_ = cdktf.environment(place(root))["PATH"].split(":")
    assert (first, second) == (str(root / ".venv/bin"), str(node_folder(root) / "bin"))
