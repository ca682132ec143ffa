"""Turn the settings into Terraform's JSON, one folder a stack."""

import fcntl
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.errors import OpsError
from ops.place import Place

CONFIGURATION = "cdk.tf.json"


@dataclass(frozen=True)
class Stack:
    """One synthesized stack: its folder, and the names of the stacks whose outputs it reads."""

    name: str
    folder: Path
    needs: frozenset[str]

    def configuration(self) -> dict[str, Any]:
        """Terraform's JSON."""
        return json.loads((self.folder / CONFIGURATION).read_text())


def synthesize(place: Place, protected: bool | None = None) -> tuple[Stack, ...]:
    """Run main.py and list its stacks, needed ones first.

    `protected=False` overrides the setting `protection`, in a folder of its own, which no other run mistakes for the
    settings.
    """
    environment, output = place.process_environment(), place.output
    if protected is False:
        output = place.work / "unprotected"
        environment |= {"BERTH_UNPROTECTED": "1", "BERTH_OUT": str(output)}
    with _alone(place):
        done = subprocess.run(
            [sys.executable, str(place.root / "main.py")],
            cwd=place.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise OpsError(_complaint(done.stdout + done.stderr))
        return read(output)


def read(output: Path) -> tuple[Stack, ...]:
    """List the stacks in the manifest, needed ones first; folders of former settings are not looked at."""
    manifest = json.loads((output / "manifest.json").read_text())
    stacks = {
        name: Stack(name, output / entry["workingDirectory"], frozenset(entry["dependencies"]))
        for name, entry in manifest["stacks"].items()
    }
    return tuple(stacks[name] for name in _sorted(stacks))


def _sorted(stacks: dict[str, Stack]) -> Iterator[str]:
    left = dict(stacks)
    while left:
        ready = [name for name, stack in left.items() if not stack.needs & left.keys()]
        for name in ready:
            del left[name]
        yield from ready


def _complaint(output: str) -> str:
    """The last line says what went wrong; what comes before it is a traceback."""
    lines = [line for line in output.strip().splitlines() if line.strip()]
    return f"the settings cannot be turned into stacks: {lines[-1] if lines else 'main.py says nothing'}"


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    place.home.mkdir(parents=True, exist_ok=True)
    with (place.home / "synth.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
