"""Terraform in one stack's folder: the process is Berth's own, its JSON lines feed the view."""

import hashlib
import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ops import commands, lock, process
from ops.errors import OpsError
from ops.events import Diagnostic, Events
from ops.journal import Journal
from ops.place import Place
from ops.providers import LOCK_FILE, prepare
from ops.synth import Stack
from ops.view import StepView

ERRORED_STATE = "errored.tfstate"
LOCK_SUMMARY = "Error acquiring the state lock"
HALTED = "execution halted"
HAS_CHANGES = 2


class TerraformError(OpsError):
    """Terraform ended with errors; the text is one a line."""

    def __init__(self, stack: str, errors: Sequence[Diagnostic]) -> None:
        """Keep the diagnostics for whoever can do something about them."""
        super().__init__("\n".join(error.text(stack) for error in errors))
        self.errors = tuple(errors)


class Terraform:
    """What terraform can do to one stack."""

    def __init__(self, place: Place, stack: Stack, line: StepView) -> None:
        """Work in the folder of `stack`, and show it in `line`."""
        self.place = place
        self.stack = stack
        self.line = line
        self.journal = Journal(place, stack.name)
        self._environment = place.process_environment()

    def init(self) -> None:
        """Set the folder up, unless nothing that matters to init changed since the last time."""
        folder = self.stack.folder
        prepare(self.place)
        shutil.copyfile(self.place.home / LOCK_FILE, folder / ".terraform.lock.hcl")
        stamp = folder / ".terraform" / "berth-init"
        wanted = self._init_hash()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        self.line.say("terraform init")
        self._checked("init", commands.init(self.place.terraform))
        stamp.write_text(wanted)

    def plan(self, out: Path, *, destroy: bool = False) -> bool:
        """Save a plan, and tell whether it has changes; takes no lock, as a stale plan is refused by apply."""
        out.parent.mkdir(parents=True, exist_ok=True)
        self.line.say("comparing with what exists")
        code, events = self._run("plan", commands.plan(self.place.terraform, out, destroy=destroy))
        if code not in {0, HAS_CHANGES}:
            raise self._failure(code, events)
        return code == HAS_CHANGES

    def apply(self, plan_file: Path | None = None, targets: Sequence[str] = ()) -> Events:
        """Apply a saved plan, or plan and apply in one go."""
        self.line.say("comparing with what exists")
        return self._journaled("apply", commands.apply(self.place.terraform, plan_file, targets))

    def destroy(self, *, refresh: bool) -> Events:
        """Destroy everything in the state."""
        self.line.say("comparing with what exists" if refresh else "destroying")
        return self._journaled("destroy", commands.destroy(self.place.terraform, refresh=refresh))

    def show(self, plan_file: Path) -> dict[str, Any]:
        """A saved plan as terraform's JSON."""
        return json.loads(self._quietly(commands.show(self.place.terraform, plan_file)))

    def untaint(self, address: str) -> None:
        """Take back the mark that a resource has to be replaced."""
        self._quietly(commands.untaint(self.place.terraform, address))

    def push_errored_state(self) -> bool:
        """Upload the state that a former run could not save; tell whether there was one."""
        left = self.stack.folder / ERRORED_STATE
        if not left.exists():
            return False
        try:
            self._quietly(commands.push(self.place.terraform, left))
        except OpsError as error:
            kept = self.place.work / "journal" / f"{self.stack.name}-{ERRORED_STATE}"
            shutil.move(left, kept)
            self.line.note(f"the state that the former run could not save is out of date and kept in {kept} ({error})")
            return False
        left.unlink()
        return True

    def _journaled(self, operation: str, command: list[str]) -> Events:
        """Run what changes the cloud; the journal keeps its entry until a run succeeds."""
        self.journal.begin(operation)
        code, events = self._run(operation, command, on_start=self.journal.started, on_lock=self._note_lock)
        if code != 0:
            raise self._failure(code, events)
        self.journal.end()
        return events

    def _note_lock(self) -> None:
        if held := lock.held(self.place, self.stack.name):
            self.journal.locked(held.id)

    def _checked(self, operation: str, command: list[str]) -> Events:
        code, events = self._run(operation, command)
        if code != 0:
            raise self._failure(code, events)
        return events

    def _run(
        self,
        operation: str,
        command: list[str],
        on_start: Callable[[int], None] = lambda _: None,
        on_lock: Callable[[], None] = lambda: None,
    ) -> tuple[int, Events]:
        events = Events(self.line, on_lock)
        log = self.place.work / "logs" / f"{self.stack.name}-{operation}.jsonl"
        child = process.Child(command, self.stack.folder, self._environment, log)
        return process.run(child, events.read, on_start), events

    def _failure(self, code: int, events: Events) -> BaseException:
        if process.interrupted():
            return KeyboardInterrupt()
        if code < 0:
            name = signal.Signals(-code).name
            msg = f"{self.stack.name}: terraform was killed ({name}); run the same command again, it goes on from there"
            return OpsError(msg)
        for error in events.errors:
            if error.summary == LOCK_SUMMARY and (held := lock.from_message(error.detail)):
                return OpsError(held.refusal(self.stack.name))
        errors = [error for error in events.errors if error.summary != HALTED] or events.errors
        if not errors:
            return OpsError(f"{self.stack.name}: terraform ended with code {code}: {' '.join(events.plain[-5:])}")
        return TerraformError(self.stack.name, errors)

    def _quietly(self, command: list[str]) -> str:
        """Run a short command that writes no JSON lines, and return its output."""
        done = subprocess.run(
            command, cwd=self.stack.folder, env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            msg = f"{self.stack.name}: terraform {command[1]}: {' '.join(done.stderr.split())}"
            raise OpsError(msg)
        return done.stdout

    def _init_hash(self) -> str:
        block = json.dumps(self.stack.configuration()["terraform"], sort_keys=True)
        parts = (block, (self.place.home / LOCK_FILE).read_text(), self.place.terraformrc.read_text())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()
