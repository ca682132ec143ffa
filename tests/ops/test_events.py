import io
import json
from typing import Any

import pytest
from rich.console import Console

from ops.events import Diagnostic, Events
from ops.view import View

RESOURCE = {"addr": "aws_vpc.network_vpc_4E8F0223", "resource_type": "aws_vpc"}


def _line(kind: str, **more: Any) -> str:
    return json.dumps({"@level": "info", "@message": "words", "type": kind} | more)


def _hook(kind: str, action: str = "create", seconds: float = 0) -> str:
    return _line(kind, hook={"resource": RESOURCE, "action": action, "elapsed_seconds": seconds})


def _read(*lines: str) -> tuple[Events, str]:
    """Read lines, and return the events with the log they left."""
    log = io.StringIO()
    locked: list[bool] = []
    view = View("test", Console(file=log, width=200))
    with view, view.step("base") as line:
        events = Events(line, lambda: locked.append(True))
        for text in lines:
            events.read(text)
        events.plain.extend(["locked"] * len(locked))
    return events, log.getvalue()


def test_resources_reach_the_log() -> None:
    """What takes long and what is done is told, without the provider's prefix and the generator's hash."""
    _, log = _read(_hook("apply_start"), _hook("apply_progress", seconds=10), _hook("apply_complete", seconds=11))
    assert "base: vpc.network_vpc: still making, 10 s" in log
    assert "base: vpc.network_vpc: made after 11 s" in log
    assert "base: done after 0 s, made 1" in log


def test_reads_of_data_sources_are_not_counted() -> None:
    """A data source is neither made nor changed."""
    _, log = _read(_hook("apply_start", "read"), _hook("apply_complete", "read"))
    assert "made" not in log
    assert "vpc" not in log


@pytest.mark.parametrize(
    ("diagnostic", "text"),
    [
        (
            {"severity": "error", "summary": "creating VPC", "detail": "limit\n  reached", "address": "aws_vpc.a"},
            "base: aws_vpc.a: creating VPC: limit reached",
        ),
        ({"severity": "error", "summary": "no credentials", "detail": ""}, "base: no credentials"),
    ],
)
def test_error_becomes_one_line(diagnostic: dict[str, str], text: str) -> None:
    """A diagnostic is `<stack>: <address>: <summary>: <detail>`, without what is empty."""
    events, _ = _read(_line("diagnostic", diagnostic=diagnostic))
    assert [error.text("base") for error in events.errors] == [text]


def test_warnings_and_repetitions_are_left_out() -> None:
    """Only errors are kept, each once."""
    error = {"severity": "error", "summary": "bad", "detail": "", "address": ""}
    events, _ = _read(
        _line("diagnostic", diagnostic=error | {"severity": "warning"}),
        _line("diagnostic", diagnostic=error),
        _line("diagnostic", diagnostic=error),
    )
    assert events.errors == [Diagnostic("error", "bad", "", "")]


def test_outputs_and_counts_are_kept() -> None:
    """The values of outputs and the number of changes end up in the events."""
    events, _ = _read(
        _line("outputs", outputs={"vpc_id": {"sensitive": False, "type": "string", "value": "vpc-1"}}),
        _line("change_summary", changes={"add": 2, "change": 0, "import": 1, "remove": 0}),
    )
    assert events.outputs == {"vpc_id": "vpc-1"}
    assert events.changes == {"add": 2, "change": 0, "import": 1, "remove": 0}


def test_the_lock_is_noted_once_and_not_too_early() -> None:
    """The version and an error come before terraform has the lock; the first plan line comes after."""
    early, _ = _read(_line("version"), _line("diagnostic", diagnostic={"severity": "error", "summary": "x"}))
    late, _ = _read(_line("version"), _line("planned_change"), _line("planned_change"))
    assert early.plain == []
    assert late.plain == ["locked"]


def test_what_is_not_json_is_kept() -> None:
    """A crash of terraform speaks plainly."""
    events, _ = _read("panic: runtime error", "[1]")
    assert events.plain == ["panic: runtime error", "[1]"]
