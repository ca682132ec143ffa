"""Take what already exists in the cloud into a state that does not know it.

A killed terraform leaves resources that no state names. For each resource that a plan would make, the finder of its
type looks for one that is there already and carries our tags; what is found is imported by a generated `import` block
in the same apply. Parents make their children's ids known, so plans are made until nothing more is found.
"""

import json
from pathlib import Path
from typing import Any

from ops.adopt import ec2, ecs, efs, elb, iam, named, rds, scaling
from ops.adopt.wanted import Finder, Wanted, choose
from ops.events import Diagnostic
from ops.place import Place
from ops.terraform import Terraform, TerraformError
from ops.view_lines import short

IMPORTS = "berth_imports.tf"
FINDERS: dict[str, Finder] = {
    **ec2.FINDERS,
    **ecs.FINDERS,
    **efs.FINDERS,
    **elb.FINDERS,
    **iam.FINDERS,
    **named.FINDERS,
    **rds.FINDERS,
    **scaling.FINDERS,
}
MADE_ANEW = frozenset({"aws_ecs_task_definition", "aws_default_security_group"})
"""Types without a finder: making them again does no harm."""


def adopt(terraform: Terraform, out: Path) -> bool:
    """Save a plan under `out` that imports all that exists already instead of making it again.

    Tell whether it has changes.
    """
    known: dict[str, str] = {}
    refused: set[str] = set()
    try:
        while True:
            changes = _plan(terraform, out, known, refused)
            new = _newly_found(terraform, out, refused)
            if not new:
                return changes
            for address, found in new.items():
                terraform.line.note(f"{short(address)}: exists already as {found}, taken over")
            known |= new
    finally:
        forget(terraform.stack.folder)


def forget(folder: Path) -> None:
    """Remove the import blocks; terraform refuses those of resources that are in the state."""
    (folder / IMPORTS).unlink(missing_ok=True)


def import_blocks(known: dict[str, str]) -> str:
    """The import blocks as Terraform's own language, which alone takes an address as it is."""
    blocks = [f"import {{\n  to = {address}\n  id = {json.dumps(found)}\n}}\n" for address, found in known.items()]
    return "\n".join(blocks)


def creations(plan: dict[str, Any]) -> list[Wanted]:
    """What a plan would make and not import."""
    return [
        Wanted(change["address"], change["type"], change["change"]["after"])
        for change in plan.get("resource_changes", [])
        if change["change"]["actions"] == ["create"] and "importing" not in change["change"]
    ]


def _newly_found(terraform: Terraform, out: Path, refused: set[str]) -> dict[str, str]:
    terraform.line.say("looking for what exists already")
    wanted = [item for item in creations(terraform.show(out)) if item.address not in refused]
    return {item.address: found for item in wanted if (found := _find(terraform.place, item))}


def _find(place: Place, wanted: Wanted) -> str | None:
    finder = FINDERS.get(wanted.type)
    return choose(place, wanted, finder) if finder else None


def _plan(terraform: Terraform, out: Path, known: dict[str, str], refused: set[str]) -> bool:
    """Plan with the imports known so far, leaving out those that terraform refuses."""
    while True:
        (terraform.stack.folder / IMPORTS).write_text(import_blocks(known))
        try:
            return terraform.plan(out)
        except TerraformError as error:
            bad = {address for address in known if any(_blames(found, address) for found in error.errors)}
            if not bad:
                raise
            refused |= bad
            for address in bad:
                del known[address]


def _blames(error: Diagnostic, address: str) -> bool:
    # an import of what is not there names its address in the text alone
    return error.address == address or f'"{address}"' in error.detail
