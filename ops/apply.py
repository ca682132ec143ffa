"""Apply stacks: the saved plan where there is one, and what a crash left behind taken over first."""

import re
from typing import Any

from ops import graph, plans, preparation, start, state
from ops.adopt import adopt
from ops.alone import alone
from ops.events import Events
from ops.graph import Step
from ops.place import Place
from ops.ready import make_ready
from ops.sweep import left
from ops.sweep.kind import Scope
from ops.synth import Stack
from ops.terraform import Terraform, TerraformError
from ops.view import View
from ops.view_lines import DONE

EXISTS = re.compile(
    r"already exist|AlreadyExists|Duplicate|ResourceExists|scheduled for deletion|PriorityInUse|AlreadyAssociated"
)
COUNTED = {"add": "create", "change": "update", "remove": "delete", "import": "import"}


def apply_all(place: Place) -> None:
    """Apply the saved plans of `make plan`, or, without any, plan and apply every stack in order."""
    with View(f"apply {place.env}") as view, alone(place, "all", "apply"):
        stacks = start.prepare(place, view)
        chosen = plans.reviewed(place, stacks.values()) or tuple(stacks.values())
        names = {stack.name for stack in chosen}
        graph.run((_step(place, stack, view, names) for stack in chosen), view)


def stack_step(place: Place, stack: Stack, view: View, *, reviewed: bool = False) -> None:
    """Bring one stack to what its settings say, or, `reviewed`, to what its saved plan says.

    Run again after a crash, it goes on from there. A release never takes a saved plan: that has the former image in it.
    """
    with view.step(stack.name) as line, alone(place, stack.name, "apply"):
        terraform = Terraform(place, stack, line)
        unsure = make_ready(terraform) or _state_is_lost(place, stack)
        events = _take_over(terraform) if unsure else _apply(terraform, reviewed=reviewed)
        plans.discard(place, stack.name)
        line.say(_summary(events))


def outputs(place: Place, stack: Stack) -> dict[str, Any]:
    """Outputs of an applied stack, by name."""
    return state.outputs(place, stack.name)


def _step(place: Place, stack: Stack, view: View, chosen: set[str]) -> Step:
    return Step(stack.name, stack.needs & chosen, lambda: _unless_deferred(place, stack, view))


def _unless_deferred(place: Place, stack: Stack, view: View) -> None:
    if reason := plans.deferral(place, stack):
        with view.step(stack.name) as line:
            line.say(f"left out: {reason}")
        return
    if stack.name.startswith("site-"):
        with view.step(stack.name) as line:
            preparation.ensure(place, stack.name.removeprefix("site-"), line.say)
    stack_step(place, stack, view, reviewed=True)


def _apply(terraform: Terraform, *, reviewed: bool) -> Events:
    """Apply the reviewed plan, or what the settings say; take over what is in the way."""
    try:
        return terraform.apply(plans.file_of(terraform.place, terraform.stack) if reviewed else None)
    except TerraformError as error:
        if not any(EXISTS.search(f"{found.summary} {found.detail}") for found in error.errors):
            raise
    return _take_over(terraform)


def _take_over(terraform: Terraform) -> Events:
    for address in state.addresses(state.read(terraform.place, terraform.stack.name), tainted=True):
        # cut off while it waited: what is there is whole, and a database must not be replaced for it
        terraform.untaint(address)
    plan = plans.path(terraform.place, f"{terraform.stack.name}.taking-over")
    adopt(terraform, plan)
    try:
        return terraform.apply(plan)
    finally:
        plan.unlink()


def _state_is_lost(place: Place, stack: Stack) -> bool:
    """Whether the state is empty and yet the cloud has something of the stack's."""
    return not state.holds_resources(place, stack.name) and bool(left(place, Scope(place.env, only=stack.name)))


def _summary(events: Events) -> str:
    counts = {COUNTED[key]: value for key, value in events.changes.items() if key in COUNTED and value}
    return ", ".join(f"{DONE[action]} {count}" for action, count in counts.items()) or "nothing to change"
