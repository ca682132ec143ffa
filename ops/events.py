"""The JSON lines that terraform writes with `-json`.

Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.view import StepView
from ops.view_lines import short

VERBS = {
    "apply_start": "start",
    "apply_progress": "progress",
    "apply_complete": "done",
    "apply_errored": "failed",
}
BEFORE_LOCK = {"version", "diagnostic", "log", "init_output"}


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning."""

    severity: str
    summary: str
    detail: str
    address: str

    def text(self, stack: str) -> str:
        """`<stack>: <address>: <summary>: <detail>` on one line, without what is empty."""
        parts = (stack, self.address, self.summary, " ".join(self.detail.split()))
        return ": ".join(part for part in parts if part)


@dataclass
class Events:
    """Reads the lines of one run: shows resources in the view, keeps errors, outputs and counts."""

    line: StepView
    on_lock: Callable[[], None] = lambda: None
    """Called once, when terraform has come as far as to hold the state's lock."""
    errors: list[Diagnostic] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)
    _locked: bool = False

    def read(self, text: str) -> None:
        """Take in one line of output."""
        event = _parse(text)
        if event is None:
            self.plain.append(text)
            return
        kind = event.get("type", "")
        if not self._locked and kind not in BEFORE_LOCK:
            self._locked = True
            self.on_lock()
        if kind in VERBS:
            self._resource(event["hook"], kind)
        elif kind == "diagnostic":
            self._diagnostic(event["diagnostic"])
        elif kind == "outputs":
            self.outputs = {name: output.get("value") for name, output in event["outputs"].items()}
        elif kind == "change_summary":
            self.changes = event["changes"]
        elif kind == "refresh_start":
            self.line.glance(f"reading {short(event['hook']['resource']['addr'])}")

    def _resource(self, hook: Mapping[str, Any], kind: str) -> None:
        address, action = hook["resource"]["addr"], hook["action"]
        if action not in {"read", "noop"}:
            self.line.resource(address, action, hook.get("elapsed_seconds", 0.0), state=VERBS[kind])

    def _diagnostic(self, found: Mapping[str, Any]) -> None:
        diagnostic = Diagnostic(found["severity"], found["summary"], found.get("detail", ""), found.get("address", ""))
        if diagnostic.severity == "error" and diagnostic not in self.errors:
            self.errors.append(diagnostic)


def _parse(text: str) -> dict[str, Any] | None:
    try:
        event = json.loads(text)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
