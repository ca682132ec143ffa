import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from bench import kills


@dataclass
class FakeBoot:
    """A boot that leaves `broken` where it was killed before, and fails where told."""

    broken: str = "whole"
    fails: bool = False
    killed: bool = False
    started: list[str] = field(default_factory=list)
    name: str = "fake"

    def empty(self) -> None:
        self.killed = False

    def start(self) -> str:
        self.started.append("up")
        return f"container-{len(self.started)}"

    def state(self, _: str) -> str:
        return self.broken if self.killed else "whole"

    def close(self) -> None: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeBoot], kills.Count]:
    """Kill a fake boot without Docker and without waiting."""

    def killed(boot: FakeBoot) -> kills.Count:
        codes: Iterator[int] = itertools.cycle([137, *([1] * kills.RESTARTS if boot.fails else [0])])

        def kill(*_: str, **__: object) -> None:
            boot.killed = True

        monkeypatch.setattr(kills, "docker", kill)
        monkeypatch.setattr(kills, "wait_exit", lambda *_: next(codes))
        return kills._killed(boot, 0.001, "whole")

    return killed


def test_what_is_repaired_is_not_counted(run: Callable[[FakeBoot], kills.Count]) -> None:
    """A start after a kill that leaves what an undisturbed one leaves is well."""
    assert run(FakeBoot()) == kills.Count(kills.KILLS, corrupt=0, stuck=0)


def test_what_is_taken_for_whole_and_differs_is_corrupt(run: Callable[[FakeBoot], kills.Count]) -> None:
    """Said to be well, and not as an undisturbed boot leaves it."""
    assert run(FakeBoot(broken="half")) == kills.Count(kills.KILLS, corrupt=kills.KILLS, stuck=0)


def test_what_ends_with_an_error_is_stuck(run: Callable[[FakeBoot], kills.Count]) -> None:
    """An error is loud, so it is counted apart from what is silently corrupt."""
    assert run(FakeBoot(broken="half", fails=True)) == kills.Count(kills.KILLS, corrupt=0, stuck=kills.KILLS)


def test_a_count_says_both() -> None:
    """The line of the benchmark."""
    assert str(kills.Count(10, 3, 2)) == "3 of 10 taken for whole and not, 2 ended with an error"
