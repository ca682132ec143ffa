from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from ops import logs
from ops.errors import OpsError
from tests.ops.fakes import Exceptions, MissingError, place


def _event(number: int, moment: int, text: str) -> dict[str, Any]:
    return {"eventId": str(number), "timestamp": moment, "logStreamName": "serve/serve/0123456789", "message": text}


class Logs:
    """A log group whose looks are given one after the other."""

    exceptions = Exceptions()

    def __init__(self, *looks: list[dict[str, Any]]) -> None:
        self.looks = list(looks)
        self.asked: list[dict[str, Any]] = []

    def get_paginator(self, _: str) -> "Logs":
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked.append(asked)
        return [{"events": self.looks.pop(0)}]


def test_a_line_names_time_job_and_task() -> None:
    """Enough to tell two replicas apart, in UTC."""
    assert logs.line(_event(1, 0, "hello\n")) == "1970-01-01T00:00:00Z serve/01234567 hello"


def test_the_newest_lines_oldest_first(tmp_path: Path) -> None:
    """Streams come in any order; the end of the log is what is shown."""
    client = Logs([_event(2, 2000, "two"), _event(1, 1000, "one"), _event(3, 3000, "three")])
    found = list(logs.lines(place(tmp_path, logs=client), "wiki", newest=2))
    assert [line.split()[-1] for line in found] == ["two", "three"]
    assert client.asked == [{"logGroupName": "/berth/test/wiki", "startTime": 0}]


def test_following_shows_each_line_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later looks go back a little for late lines and show only new ones."""
    monkeypatch.setattr(logs, "POLL_SECONDS", 0)
    old, late, new = _event(1, 50_000, "old"), _event(2, 45_000, "late"), _event(3, 60_000, "new")
    client = Logs([old], [late, old], [late, old, new])
    found = list(islice(logs.lines(place(tmp_path, logs=client), "wiki", follow=True), 3))
    assert [line.split()[-1] for line in found] == ["old", "late", "new"]
    assert client.asked[1]["startTime"] == 50_000 - logs.OVERLAP_MS


def test_an_unknown_site_lists_the_known_ones(tmp_path: Path) -> None:
    """A misspelt SITE is the person's fault, and easily mended."""
    with pytest.raises(OpsError, match="SITE: there is no such site, got 'blog'; allowed: wiki"):
        list(logs.lines(place(tmp_path), "blog"))


def test_no_log_yet_says_what_to_run(tmp_path: Path) -> None:
    """Before the data stack there is no log group."""

    class Absent(Logs):
        def paginate(self, **_: Any) -> list[dict[str, Any]]:
            raise MissingError

    with pytest.raises(OpsError, match="there is no log /berth/test/wiki yet; run make create-all first"):
        list(logs.lines(place(tmp_path, logs=Absent()), "wiki"))
