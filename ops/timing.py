"""When steps ran, and the chain of them that decided how long everything took."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ops.graph import Step


@dataclass(frozen=True)
class Span:
    """A step's run, in seconds since the clock was made."""

    name: str
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.begin


@dataclass
class Clock:
    """Writes down when each step runs."""

    needs: dict[str, frozenset[str]] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    _zero: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        """Return the seconds since the clock was made."""
        return time.monotonic() - self._zero

    def timed(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        """Return the same steps, each writing down when it ran."""
        return tuple(Step(step.name, step.needs, self._timed(step)) for step in steps)

    def _timed(self, step: Step) -> Callable[[], None]:
        self.needs[step.name] = step.needs

        def run() -> None:
            begin = self.now()
            step.run()
            self.spans[step.name] = Span(step.name, begin, self.now())

        return run

    def longest_chain(self) -> list[Span]:
        """Return the steps, first to last, that each waited for the one before."""
        if not self.spans:
            return []
        chain = [max(self.spans.values(), key=lambda span: span.end)]
        while needs := [self.spans[name] for name in self.needs[chain[0].name] if name in self.spans]:
            chain.insert(0, max(needs, key=lambda span: span.end))
        return chain
