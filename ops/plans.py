"""Saved plans: what was reviewed is what is applied.

`make plan` leaves `<stack>.tfplan` and a record of the configuration it was made from in `.berth/<env>/plans`.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from ops import state
from ops.aws import is_missing
from ops.errors import OpsError
from ops.place import Place
from ops.synth import CONFIGURATION, Stack


@dataclass(frozen=True)
class Record:
    """What is known of a saved plan; `deferred` says why there is none."""

    configuration: str
    changes: bool = False
    deferred: str = ""


def save(place: Place, stack: Stack, *, changes: bool = False, deferred: str = "") -> Record:
    """Keep the record of a plan that lies, or would lie, at `path`."""
    record = Record(_hash(stack), changes, deferred)
    file = path(place, stack.name).with_suffix(".json")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(record)))
    return record


def path(place: Place, stack: str) -> Path:
    """Where the stack's plan is kept."""
    return place.work / "plans" / f"{stack}.tfplan"


def file_of(place: Place, stack: Stack) -> Path | None:
    """The stack's reviewed plan, None without one; OpsError when the settings changed since it was made."""
    record = _record(place, stack.name)
    if record is None or record.deferred:
        return None
    if record.configuration != _hash(stack):
        msg = f"{stack.name}: the settings changed since its plan was made; run `make plan ENV={place.env}` again"
        raise OpsError(msg)
    return path(place, stack.name)


def reviewed(place: Place, stacks: Iterable[Stack]) -> tuple[Stack, ...]:
    """The stacks that have a saved plan."""
    return tuple(stack for stack in stacks if file_of(place, stack))


def discard(place: Place, stack: str) -> None:
    """Forget the stack's plan: it was applied, or no longer fits."""
    for suffix in (".tfplan", ".json"):
        path(place, stack).with_suffix(suffix).unlink(missing_ok=True)


def discard_all(place: Place) -> None:
    """Forget every plan of the environment."""
    for record in (place.work / "plans").glob("*.json"):
        discard(place, record.stem)


def deferral(place: Place, stack: Stack) -> str:
    """Why the stack cannot be planned yet; empty when it can."""
    for name in sorted(stack.needs):
        if state.read(place, name) is None:
            return f"{name} has not been applied yet"
    for name in _parameters(place, stack):
        if not _parameter_exists(place, name):
            return "no image has been released yet"
    return ""


def _record(place: Place, stack: str) -> Record | None:
    file = path(place, stack).with_suffix(".json")
    return Record(**json.loads(file.read_text())) if file.exists() else None


def _hash(stack: Stack) -> str:
    return hashlib.sha256((stack.folder / CONFIGURATION).read_bytes()).hexdigest()


def _parameters(place: Place, stack: Stack) -> list[str]:
    """Names of the parameters that a release writes and the stack reads."""
    data = stack.configuration().get("data", {}).get("aws_ssm_parameter", {})
    return [block["name"] for block in data.values() if block["name"].startswith(f"/berth/{place.env}/")]


def _parameter_exists(place: Place, name: str) -> bool:
    try:
        place.client("ssm").get_parameter(Name=name)
    except ClientError as error:
        if is_missing(error):
            return False
        raise
    return True
