import threading
from collections.abc import Callable

import pytest
from rich.console import Console

from ops import graph
from ops.errors import OpsError, StepsFailedError
from ops.graph import Step, backwards
from ops.view import View


@pytest.fixture
def view() -> View:
    """Give a view that writes nowhere."""
    return View("test", Console(quiet=True))


def _step(name: str, needs: str, run: Callable[[], None]) -> Step:
    return Step(name, frozenset(needs.split()), run)


def test_needed_steps_come_first(view: View) -> None:
    """A step starts when all it needs is done."""
    order: list[str] = []
    wanted = {"site": "jobs cluster", "jobs": "data cluster", "cluster": "base", "data": "base", "base": ""}
    graph.run([_step(name, needs, lambda name=name: order.append(name)) for name, needs in wanted.items()], view)
    assert order[0] == "base"
    assert set(order[1:3]) == {"cluster", "data"}
    assert order[3:] == ["jobs", "site"]


def test_independent_steps_run_side_by_side(view: View) -> None:
    """Two steps that do not need each other wait for one another and both get through."""
    meeting = threading.Barrier(2, timeout=10)
    graph.run([_step("a", "", meeting.wait), _step("b", "", meeting.wait)], view)
    assert not meeting.broken


def test_no_more_than_parallel_run_at_once(view: View) -> None:
    """The limit holds even if more could run."""
    running, most, guard = 0, 0, threading.Lock()

    def run() -> None:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.02)
        with guard:
            running -= 1

    graph.run([_step(str(index), "", run) for index in range(8)], view, parallel=2)
    assert most == 2


def test_failure_cancels_dependents_and_reports_all(view: View) -> None:
    """What needs a failed step never starts, the others finish, and every failure is told."""
    done: list[str] = []

    def fail(message: str) -> Callable[[], None]:
        def run() -> None:
            raise OpsError(message)

        return run

    steps = [
        _step("base", "", fail("base: no VPC")),
        _step("cluster", "base", lambda: done.append("cluster")),
        _step("site", "cluster", lambda: done.append("site")),
        _step("registry", "", fail("registry: no access")),
        _step("image", "", lambda: done.append("image")),
    ]
    with pytest.raises(StepsFailedError) as error:
        graph.run(steps, view)
    assert done == ["image"]
    assert sorted(str(error.value).splitlines()) == ["base: no VPC", "registry: no access"]


def test_steps_in_a_circle_are_refused(view: View) -> None:
    """Steps that need each other end in a sentence that names them."""
    with pytest.raises(OpsError, match=r"steps need each other: (a → b → a|b → a → b)"):
        graph.run([_step("a", "b", lambda: None), _step("b", "a", lambda: None)], view)


def test_unknown_need_is_refused(view: View) -> None:
    """A need that is no step is a mistake, not something to wait for."""
    with pytest.raises(OpsError, match="steps that do not exist are needed: vpc"):
        graph.run([_step("a", "vpc", lambda: None)], view)


def test_backwards_turns_every_need_round() -> None:
    """What was built last is taken down first."""
    steps = [
        _step("base", "", lambda: None),
        _step("cluster", "base", lambda: None),
        _step("site", "base cluster", print),
    ]
    assert [(step.name, step.needs) for step in backwards(steps)] == [
        ("site", frozenset()),
        ("cluster", frozenset({"site"})),
        ("base", frozenset({"cluster", "site"})),
    ]
