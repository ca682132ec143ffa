import pytest

from ops.graph import Step
from ops.timing import Clock, Span


def _clock(*runs: tuple[str, set[str], float, float]) -> Clock:
    clock = Clock()
    for name, needs, begin, end in runs:
        clock.needs[name] = frozenset(needs)
        clock.spans[name] = Span(name, begin, end)
    return clock


def test_the_chain_follows_what_was_waited_for() -> None:
    """From the last step back to the one that each had to wait for longest."""
    clock = _clock(
        ("base", set(), 0, 10),
        ("image", set(), 0, 70),
        ("data", {"base"}, 10, 110),
        ("registry", set(), 0, 5),
        ("push", {"image", "registry"}, 70, 75),
        ("release", {"data", "push"}, 110, 150),
    )
    assert [span.name for span in clock.longest_chain()] == ["base", "data", "release"]
    assert sum(span.seconds for span in clock.longest_chain()) == 150


def test_a_step_that_never_ran_breaks_no_chain() -> None:
    """After a failure the times of what ran are still there."""
    clock = _clock(("base", set(), 0, 10))
    clock.needs["data"] = frozenset({"base"})
    assert [span.name for span in clock.longest_chain()] == ["base"]


def test_no_steps_have_no_chain() -> None:
    """An empty run has nothing to show."""
    assert Clock().longest_chain() == []


def test_timed_steps_do_what_the_steps_did() -> None:
    """Each runs once, is written down, and keeps its name and needs."""
    ran: list[str] = []
    clock = Clock()
    steps = clock.timed([Step("one", frozenset(), lambda: ran.append("one")), Step("two", frozenset({"one"}), list)])
    for step in steps:
        step.run()
    assert [(step.name, step.needs) for step in steps] == [("one", frozenset()), ("two", frozenset({"one"}))]
    assert ran == ["one"]
    assert list(clock.spans) == ["one", "two"]


def test_a_failed_step_has_no_span() -> None:
    """Its error goes on, and its time is not taken for work done."""
    clock = Clock()

    def fail() -> None:
        raise ValueError("broken")

    (step,) = clock.timed([Step("one", frozenset(), fail)])
    with pytest.raises(ValueError, match="broken"):
        step.run()
    assert clock.spans == {}
