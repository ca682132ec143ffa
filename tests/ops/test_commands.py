from pathlib import Path

from ops import commands

PLAN = Path("/plans/base.tfplan")


def test_init() -> None:
    """The lock file is only read, and a backend that changed is taken as it is."""
    assert commands.init("terraform") == [
        "terraform",
        "init",
        "-json",
        "-input=false",
        "-reconfigure",
        "-lockfile=readonly",
    ]


def test_plan() -> None:
    """A plan locks nothing, is saved, and says by its exit code whether there is anything to do."""
    assert commands.plan("terraform", PLAN) == [
        "terraform",
        "plan",
        "-json",
        "-input=false",
        "-lock=false",
        "-detailed-exitcode",
        "-out=/plans/base.tfplan",
    ]


def test_apply_of_a_saved_plan() -> None:
    """A saved plan is applied as it is, without another question."""
    assert commands.apply("terraform", PLAN) == ["terraform", "apply", "-json", "-input=false", "/plans/base.tfplan"]


def test_apply_without_a_plan() -> None:
    """Plan and apply in one go."""
    assert commands.apply("terraform") == ["terraform", "apply", "-json", "-input=false", "-auto-approve"]


def test_apply_to_targets() -> None:
    """Each target is an option of its own."""
    assert commands.apply("terraform", targets=["aws_lb.a", "aws_db_instance.b"]) == [
        "terraform",
        "apply",
        "-json",
        "-input=false",
        "-auto-approve",
        "-target=aws_lb.a",
        "-target=aws_db_instance.b",
    ]


def test_destroy() -> None:
    """Refreshing can be left out when what it reads is gone."""
    assert commands.destroy("tofu", refresh=False) == [
        "tofu",
        "destroy",
        "-json",
        "-input=false",
        "-auto-approve",
        "-refresh=false",
    ]


def test_show_for_programs_and_for_people() -> None:
    """A plan is shown as JSON, or as text without colours for a log."""
    assert commands.show("terraform", PLAN) == ["terraform", "show", "-json", "-no-color", "/plans/base.tfplan"]
    assert commands.show("terraform", PLAN, json=False, color=True) == ["terraform", "show", "/plans/base.tfplan"]


def test_repairs() -> None:
    """The two commands that repair a state after a crash."""
    assert commands.push("terraform", Path("errored.tfstate")) == ["terraform", "state", "push", "errored.tfstate"]
    assert commands.untaint("terraform", "aws_lb.a") == ["terraform", "untaint", "aws_lb.a"]
