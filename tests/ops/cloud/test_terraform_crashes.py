import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ops import apply, lock, state
from ops.errors import OpsError
from ops.journal import Journal
from ops.place import Place
from ops.sweep import left
from ops.sweep.kind import Scope
from ops.synth import Stack
from ops.terraform import Terraform
from ops.view import View

pytestmark = pytest.mark.cloud
Stacks = dict[str, Stack]
Starter = Callable[[str], subprocess.Popen[str]]
DEADLINE_SECONDS = 60.0
BASE = {
    "address",
    "internet gateway",
    "log group",
    "route table",
    "subnet",
    "VPC",
}


def _apply(place: Place, stack: Stack) -> None:
    with View("test") as view:
        apply.stack_step(place, stack, view)


def _await(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def _kinds(place: Place) -> list[str]:
    """Name the kinds of all that the cloud has of ours, one word a thing."""
    known = sorted((label for label in left(place, Scope("local"))), key=len)
    return sorted(label.rpartition(" ")[0] for label in known)


def _is_planned_empty(place: Place, stack: Stack, tmp_path: Path) -> bool:
    with View("test") as view, view.step(stack.name) as line:
        return not Terraform(place, stack, line).plan(tmp_path / "plan")


def _terraform_pid(place: Place, stack: str) -> int:
    entry = Journal(place, stack).unfinished()
    return entry.process.pid if entry and entry.process else 0


def test_killed_terraform_is_taken_up_again(place: Place, stacks: Stacks, start_apply: Starter, tmp_path: Path) -> None:
    """After kill -9 of terraform in the middle of an apply, the next apply makes nothing twice and leaves no diff."""
    run = start_apply("base")
    _await(lambda: "VPC berth-local" in left(place, Scope("local")))
    os.kill(_terraform_pid(place, "base"), signal.SIGKILL)
    output, _ = run.communicate(timeout=DEADLINE_SECONDS)
    assert "base: terraform was killed (SIGKILL)" in output
    assert lock.held(place, "base") is not None

    _apply(place, stacks["base"])

    assert set(_kinds(place)) == BASE
    assert len(_kinds(place)) == len(BASE)
    assert lock.held(place, "base") is None
    assert _is_planned_empty(place, stacks["base"], tmp_path)


def test_killed_wrapper_takes_terraform_along(
    place: Place, stacks: Stacks, start_apply: Starter, tmp_path: Path
) -> None:
    """After kill -9 of Berth, terraform saves its state, unlocks it and ends within seconds; the next apply goes on."""
    run = start_apply("base")
    _await(lambda: "VPC berth-local" in left(place, Scope("local")))
    pid = _terraform_pid(place, "base")
    run.kill()
    run.communicate()
    _await(lambda: not Path(f"/proc/{pid}").exists())
    assert lock.held(place, "base") is None
    assert state.holds_resources(place, "base")

    _apply(place, stacks["base"])

    assert len(_kinds(place)) == len(BASE)
    assert _is_planned_empty(place, stacks["base"], tmp_path)


def test_lost_state_is_made_from_what_exists(place: Place, stacks: Stacks, tmp_path: Path) -> None:
    """A stack whose state object is gone takes over everything that is there, and adds nothing."""
    _apply(place, stacks["base"])
    before = left(place, Scope("local"))
    vpc = state.outputs(place, "base")
    place.client("s3").delete_object(Bucket=place.config.state.bucket, Key="local/base.tfstate")

    _apply(place, stacks["base"])

    assert sorted(left(place, Scope("local"))) == sorted(before)
    assert state.outputs(place, "base") == vpc
    assert _is_planned_empty(place, stacks["base"], tmp_path)


def test_second_apply_is_refused(place: Place, stacks: Stacks, start_apply: Starter) -> None:
    """While one process applies a stack, another is told at once who has it and since when."""
    run = start_apply("cluster")
    _await(lambda: _terraform_pid(place, "cluster"))
    with pytest.raises(OpsError, match=rf"cluster: locked by another run of this copy.*process {run.pid}, since 20"):
        _apply(place, stacks["cluster"])
    run.communicate(timeout=DEADLINE_SECONDS)
    assert run.returncode == 0


def test_lock_of_another_machine_is_never_broken(place: Place, stacks: Stacks) -> None:
    """A lock that somebody else holds ends the apply with one sentence, before anything is made."""
    body = (
        '{"ID":"1b","Operation":"OperationTypeApply","Info":"","Who":"ann@desk","Version":"1.11.4",'
        '"Created":"2026-11-21T14:20:30.47739688Z","Path":"p"}'
    )
    place.client("s3").put_object(Bucket=place.config.state.bucket, Key="local/base.tfstate.tflock", Body=body)
    with pytest.raises(OpsError, match=r"^base: the state is locked by ann@desk since 2026-11-21 14:20:30 UTC"):
        _apply(place, stacks["base"])
    assert left(place, Scope("local")) == ()


def test_interrupted_apply_saves_its_state(place: Place, stacks: Stacks, start_apply: Starter, tmp_path: Path) -> None:
    """Ctrl-C reaches terraform once: it saves what it made and unlocks, and the next apply goes on."""
    run = start_apply("cluster")
    _await(lambda: "cluster berth-local" in left(place, Scope("local")))
    run.send_signal(signal.SIGINT)
    output, _ = run.communicate(timeout=DEADLINE_SECONDS)
    assert "KeyboardInterrupt" in output
    assert lock.held(place, "cluster") is None

    _apply(place, stacks["cluster"])

    assert _kinds(place) == ["cluster", "role"]
    assert _is_planned_empty(place, stacks["cluster"], tmp_path)
