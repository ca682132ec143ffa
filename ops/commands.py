"""Terraform's command lines, built by python-terraform and run by ops/terraform.py."""

from collections.abc import Sequence
from pathlib import Path

from python_terraform import IsFlagged, IsNotFlagged, Terraform

FLAG = IsFlagged


def init(program: str) -> list[str]:
    """Set up a stack's folder; the committed lock file is law."""
    return _build(program, "init", json=FLAG, input=False, reconfigure=FLAG, lockfile="readonly")


def plan(program: str, out: Path, *, destroy: bool = False) -> list[str]:
    """Save a plan, without locking the state; exit code 2 means that it has changes."""
    return _build(
        program,
        "plan",
        json=FLAG,
        input=False,
        lock=False,
        detailed_exitcode=FLAG,
        destroy=_flag(destroy),
        out=out,
    )


def apply(program: str, plan_file: Path | None = None, targets: Sequence[str] = ()) -> list[str]:
    """Apply a saved plan, or plan and apply in one go, `targets` and what they need only where given."""
    if plan_file:
        return _build(program, "apply", str(plan_file), json=FLAG, input=False)
    return _build(program, "apply", json=FLAG, input=False, auto_approve=FLAG, target=list(targets))


def destroy(program: str, *, refresh: bool) -> list[str]:
    """Destroy everything in the state; without `refresh` no data source is read."""
    return _build(program, "destroy", json=FLAG, input=False, auto_approve=FLAG, refresh=refresh)


def show(program: str, plan_file: Path, *, json: bool = True, color: bool = False) -> list[str]:
    """Print a saved plan, as JSON or for people."""
    return _build(program, "show", str(plan_file), json=_flag(json), no_color=_flag(not color))


def push(program: str, state_file: Path) -> list[str]:
    """Upload the state that terraform left behind when it could not reach the bucket."""
    return _build(program, "state push", str(state_file))


def untaint(program: str, address: str) -> list[str]:
    """Take back the mark that a resource has to be replaced."""
    return _build(program, "untaint", address)


def _build(program: str, command: str, *arguments: str, **options: object) -> list[str]:
    return Terraform(terraform_bin_path=program).generate_cmd_string(command, *arguments, **options)


def _flag(wanted: bool) -> type:
    return IsFlagged if wanted else IsNotFlagged
