import io
import threading

import pytest
from rich.console import Console

from ops import view_lines, view_table
from ops.view import View
from ops.view_lines import Line, Status


def _log(view_and_log: tuple[View, io.StringIO]) -> list[str]:
    """Return the log's lines without their time."""
    return [line.split(" ", 1)[1] for line in view_and_log[1].getvalue().splitlines()]


@pytest.fixture
def plain() -> tuple[View, io.StringIO]:
    """Give a view that writes a log."""
    log = io.StringIO()
    return View("apply test", Console(file=log, width=200)), log


def _table(*lines: Line) -> str:
    console = Console(width=100, record=True, file=io.StringIO(), color_system=None)
    console.print(view_table.render("apply test", lines, 65))
    return console.export_text()


def test_log_tells_what_steps_do(plain: tuple[View, io.StringIO]) -> None:
    """Start, activity, resources and end are one line each."""
    with plain[0] as view, view.step("base") as line:
        line.say("terraform init")
        line.say("terraform init")
        line.resource("aws_vpc.a", "create", 0, state="start")
        line.resource("aws_vpc.a", "create", 3.2, state="done")
        line.note("look")
    assert _log(plain) == [
        "base: started",
        "base: terraform init",
        "base: vpc.a: made after 3 s",
        "base: look",
        "base: done after 0 s, made 1",
        "1 of 1 steps done, made 1 resources, 0 s",
    ]


def test_failure_and_what_it_stops_are_told(plain: tuple[View, io.StringIO]) -> None:
    """A failed step, and one that never starts for it, show as such."""
    view, _ = plain
    with view:
        view.expect({"base": (), "site": ("base",)})
        with pytest.raises(ValueError, match="no"), view.step("base"):
            raise ValueError("no")
        view.cancel("site", "base")
    assert _log(plain)[1:] == [
        "base: failed after 0 s",
        "site: not started, base failed",
        "0 of 2 steps done, 1 failed, 1 not started, 0 s",
    ]


def test_a_step_may_be_entered_twice(plain: tuple[View, io.StringIO]) -> None:
    """Who runs a step and what it runs may both announce it; it starts and ends once."""
    with plain[0] as view, view.step("base"), view.step("base"):
        pass
    assert _log(plain) == ["base: started", "base: done after 0 s", "1 of 1 steps done, 0 s"]


def test_names_with_colons_stay_as_they_are(plain: tuple[View, io.StringIO]) -> None:
    """`:secret:` in an ARN is no emoji, and brackets are no markup."""
    with plain[0] as view:
        view.note("arn:aws:secretsmanager:us-east-1:1:secret:berth [bold]x[/bold]")
    assert _log(plain) == ["arn:aws:secretsmanager:us-east-1:1:secret:berth [bold]x[/bold]"]


def test_many_threads_leave_whole_lines(plain: tuple[View, io.StringIO]) -> None:
    """Lines of steps that run side by side do not run into each other."""

    def work(name: str) -> None:
        with view.step(name) as line:
            for index in range(20):
                line.say(f"{name}{index}")

    with plain[0] as view:
        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(_log(plain)) == 4 * 22 + 1


def test_table_has_a_row_a_step() -> None:
    """A terminal shows what runs, what waits for what, what failed and what it stopped."""
    running = Line("base")
    running.enter()
    for index in range(4):
        running.work_on(f"aws_subnet.network_public-{index}_A4E682E0", "create", 12, "start")
    done = Line("registry", counts=view_lines.Counter({"create": 2}), status=Status.DONE, began=1, ended=43)
    waiting = Line("cluster", needs=frozenset({"base", "registry"}))
    failed = Line("data-wiki", status=Status.FAILED, began=1, ended=9)
    never = Line("site-wiki", status=Status.CANCELLED, cause="data-wiki")
    head, *rows = [line.rstrip() for line in _table(done, running, waiting, failed, never).splitlines()]
    assert head == "apply test: 1 of 5 steps done, 1 failed, 1 not started, made 2 resources, 1 m 05 s"
    assert rows[0].split() == ["✓", "registry", "made", "2", "42", "s"]
    assert "making subnet.network_public-0 12 s, making subnet.network_public-1 12 s and 2 more" in rows[1]
    assert rows[2].split(maxsplit=2) == ["·", "cluster", "waits for base"]
    assert rows[3].split() == ["✗", "data-wiki", "failed", "8", "s"]
    assert rows[4].split(maxsplit=2) == ["-", "site-wiki", "not started, data-wiki failed"]


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (59.4, "59 s"), (60, "1 m 00 s"), (3605, "60 m 05 s")])
def test_duration(seconds: float, text: str) -> None:
    """Seconds up to a minute, then minutes too."""
    assert view_lines.duration(seconds) == text
