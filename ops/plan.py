"""Plan every stack, keep the plans for apply, and print them."""

import subprocess
import sys

from ops import commands, graph, plans, start
from ops.adopt import adopt
from ops.alone import alone
from ops.graph import Step
from ops.place import Place
from ops.plans import Record
from ops.ready import make_ready
from ops.synth import Stack
from ops.terraform import Terraform
from ops.view import View


def plan_all(place: Place) -> bool:
    """Save a plan for each stack that can be planned and print it; tell whether any has changes."""
    records: dict[str, Record] = {}
    with View(f"plan {place.env}") as view, alone(place, "all", "plan"):
        stacks = start.prepare(place, view)
        plans.discard_all(place)
        # a plan reads what was applied last, so none waits for another
        graph.run((_step(place, stack, view, records) for stack in stacks.values()), view)
    for name, stack in stacks.items():
        _print(place, stack, records[name])
    return any(record.changes for record in records.values())


def plan_step(place: Place, stack: Stack, view: View) -> Record:
    """Save one stack's plan, or note why it has to wait."""
    with view.step(stack.name) as line, alone(place, stack.name, "plan"):
        if reason := plans.deferral(place, stack):
            line.say(f"deferred: {reason}")
            return plans.save(place, stack, deferred=reason)
        terraform = Terraform(place, stack, line)
        out = plans.path(place, stack.name)
        changes = adopt(terraform, out) if make_ready(terraform) else terraform.plan(out)
        line.say("changes, kept for apply" if changes else "nothing to change")
        return plans.save(place, stack, changes=changes)


def _step(place: Place, stack: Stack, view: View, records: dict[str, Record]) -> Step:
    def run() -> None:
        records[stack.name] = plan_step(place, stack, view)

    return Step(stack.name, frozenset(), run)


def _print(place: Place, stack: Stack, record: Record) -> None:
    """Print the plan as terraform words it."""
    if record.deferred:
        sys.stdout.write(f"{stack.name}: deferred, {record.deferred}\n")
    elif not record.changes:
        sys.stdout.write(f"{stack.name}: nothing to change\n")
    else:
        sys.stdout.write(f"{stack.name}:\n")
        sys.stdout.flush()
        command = commands.show(place.terraform, plans.path(place, stack.name), json=False, color=sys.stdout.isatty())
        subprocess.run(command, cwd=stack.folder, env=place.process_environment(), check=True)
