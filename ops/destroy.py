"""Take an environment down: unprotect, destroy in reverse order, sweep, and ask the cloud what is left."""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from modules.naming import SHARED_STACKS
from ops import bootstrap, graph, plans, start, state, synth
from ops.alone import alone
from ops.errors import OpsError
from ops.former import former_stacks
from ops.graph import Step
from ops.place import Place
from ops.ready import make_ready
from ops.sweep import left, sweep
from ops.sweep.kind import Scope
from ops.synth import Stack
from ops.terraform import Terraform, TerraformError
from ops.view import View

PROTECTIONS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "aws_db_instance": lambda has: has["deletion_protection"] or not has["skip_final_snapshot"],
    "aws_ecr_repository": lambda has: not has["force_delete"],
    "aws_lb": lambda has: has["enable_deletion_protection"],
}
"""Which attributes in a state say that a resource refuses to go."""


def destroy_all(place: Place, *, everything: bool = False) -> None:
    """Destroy the environment; with `everything` the registry and the state bucket too, last.

    Raises OpsError when the cloud still has anything of ours afterwards.
    """
    confirm(place)
    with View(f"destroy {place.env}") as view, alone(place, "all", "destroy"):
        if place.local and not (place.home / "cloud").is_dir():
            view.note("nothing was ever made here")
            return
        start.start_cloud(place)
        kept = frozenset() if everything else frozenset({*SHARED_STACKS, bootstrap.STACK})
        graph.run(graph.backwards(_steps(place, kept, view)), view)
        _clear_away(place, kept, view)
    plans.discard_all(place)


def confirm(place: Place) -> None:
    """Have the environment's name typed, on anything but the embedded cloud; CONFIRM=<name> serves scripts."""
    if place.local:
        return
    typed = os.environ.get("CONFIRM") or _asked(place)
    if typed != place.env:
        msg = f"{place.env}: nothing was destroyed, as its name was not typed, got {typed!r}; set CONFIRM={place.env}"
        raise OpsError(msg)


def destroy_step(place: Place, stack: Stack, view: View) -> None:
    """Destroy one stack, whatever a former run left of it."""
    with view.step(stack.name) as line, alone(place, stack.name, "destroy"):
        terraform = Terraform(place, stack, line)
        if terraform.journal.unfinished() or state.holds_resources(place, stack.name):
            if make_ready(terraform):
                # what no state knows would stand in the way of what it does know
                sweep(place, Scope(place.env, only=stack.name), line.say)
            _unprotect(terraform)
            _destroy(terraform)
            line.say("destroyed")
        else:
            line.say("nothing there")


def protected(found: Mapping[str, Any]) -> list[str]:
    """Addresses of what refuses to go, by a state."""
    return [
        address
        for resource in state.managed(dict(found))
        for address, attributes in state.instances(resource)
        if resource["type"] in PROTECTIONS and PROTECTIONS[resource["type"]](attributes)
    ]


def _steps(place: Place, kept: frozenset[str], view: View) -> Iterable[Step]:
    if not bootstrap.exists(place):
        return ()
    with view.step("prepare") as line:
        line.say("writing Terraform without protection")
        known = synth.synthesize(place, protected=False)
        stacks = [stack for stack in (*known, *former_stacks(place, known)) if stack.name not in kept]
    names = {stack.name for stack in stacks}
    return [Step(stack.name, stack.needs & names, partial(destroy_step, place, stack, view)) for stack in stacks]


def _unprotect(terraform: Terraform) -> None:
    """Apply the unprotected settings to what refuses to go, and to nothing else."""
    found = state.read(terraform.place, terraform.stack.name)
    if found and (targets := protected(found)):
        terraform.line.say("taking the protection off")
        terraform.apply(targets=targets)


def _destroy(terraform: Terraform) -> None:
    try:
        terraform.destroy(refresh=True)
    except TerraformError as error:
        # an earlier stack's outputs or the image's parameter are gone already; nothing that is destroyed needs them
        if not all(found.address.startswith("data.") for found in error.errors):
            raise
        terraform.destroy(refresh=False)


def _clear_away(place: Place, kept: frozenset[str], view: View) -> None:
    with view.step("sweep") as line:
        scope = Scope(place.env, kept)
        refusals = sweep(place, scope, line.say)
        if bootstrap.STACK not in kept:
            line.say("removing the state bucket")
            bootstrap.remove(place)
        line.say("asking the cloud what is left")
        if found := left(place, scope):
            lines = "\n".join(f"  {label}" for label in refusals or found)
            msg = f"{place.env}: {len(found)} resources are left; run destroy again\n{lines}"
            raise OpsError(msg)
        line.say("nothing is left")


def _asked(place: Place) -> str:
    try:
        return input(f"This destroys {place.env} with all its data. Type its name to go on: ").strip()
    except EOFError:
        return ""
