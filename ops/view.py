"""What the person sees while steps run: a live table on a terminal, a plain log elsewhere."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Self

from rich.console import Console
from rich.live import Live

from ops import view_lines, view_log, view_table
from ops.view_lines import Line, Status

REFRESHES_PER_SECOND = 4


class StepView:
    """One step's line."""

    def __init__(self, view: "View", line: Line) -> None:
        """Belongs to `view`, which makes it."""
        self._view = view
        self._line = line

    def say(self, text: str) -> None:
        """Show what the step is doing now."""
        with self._view.changing():
            if self._line.doing != text:
                self._line.doing = text
                self._view.log(view_log.says(self._line))

    def glance(self, text: str) -> None:
        """Show what the step is looking at, on a terminal only: there are too many of these for a log."""
        with self._view.changing():
            self._line.doing = text

    def resource(self, address: str, action: str, elapsed: float, *, state: str = "progress") -> None:
        """Show a resource that is being worked on (`action`: create, update, delete …).

        `state` is start, progress, done or failed.
        """
        with self._view.changing():
            self._line.work_on(address, action, elapsed, state)
            if text := view_log.works(self._line, address, action, elapsed, state):
                self._view.log(text)

    def note(self, text: str) -> None:
        """Keep a line of text above the table, prefixed with the step's name."""
        self._view.note(f"{self._line.name}: {text}")


class View:
    """All lines together; safe to use from several threads."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        """Show under `title` (such as "apply production"); on stderr unless a console is given."""
        self._title = title
        self._console = console or Console(stderr=True, highlight=False)
        self._began = time.monotonic()
        self._lines: dict[str, Line] = {}
        self._guard = threading.RLock()
        live = self._console.is_terminal and not self._console.is_dumb_terminal
        self._live = (
            Live(
                console=self._console,
                get_renderable=self._table,
                refresh_per_second=REFRESHES_PER_SECOND,
            )
            if live
            else None
        )

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Show the end state and leave it on the screen."""
        if self._live:
            self._live.stop()
        elif self._lines:
            self.log(view_lines.summary(self._lines.values(), time.monotonic() - self._began))

    def expect(self, needs: Mapping[str, Iterable[str]]) -> None:
        """Announce steps, each with the names of those it waits for."""
        with self.changing():
            for name, wanted in needs.items():
                self._line(name).needs = frozenset(wanted)

    @contextmanager
    def step(self, name: str) -> Iterator[StepView]:
        """Show `name` as running for as long as the context lasts; may be nested for one name."""
        with self.changing():
            line = self._line(name)
            if line.enter():
                self.log(f"{name}: started")
        ended = Status.FAILED
        try:
            yield StepView(self, line)
            ended = Status.DONE
        except KeyboardInterrupt:
            ended = Status.STOPPED
            raise
        finally:
            with self.changing():
                if line.leave(ended):
                    self.log(view_log.ends(line))

    def cancel(self, name: str, cause: str) -> None:
        """Show that `name` never starts because `cause` failed."""
        with self.changing():
            self._line(name).cancel(cause)
            self.log(f"{name}: not started, {cause} failed")

    def note(self, text: str) -> None:
        """Keep a line of text above the table."""
        with self.changing() if self._live is None else nullcontext():
            self._console.print(
                text if self._live else view_log.stamped(text), markup=False, emoji=False, soft_wrap=True
            )

    def changing(self) -> threading.RLock:
        """The lock to hold while lines change."""
        return self._guard

    def log(self, text: str) -> None:
        """Write a line of the plain log; nothing on a terminal."""
        if self._live is None:
            self._console.print(view_log.stamped(text), markup=False, emoji=False, soft_wrap=True)

    def _line(self, name: str) -> Line:
        return self._lines.setdefault(name, Line(name))

    def _table(self) -> view_table.Renderable:
        with self._guard:
            return view_table.render(self._title, tuple(self._lines.values()), time.monotonic() - self._began)
