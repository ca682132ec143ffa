"""Run steps in dependency order, independent ones side by side."""

import signal
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from ops import process
from ops.errors import OpsError, StepsFailedError
from ops.view import View

PARALLEL = 8


@dataclass(frozen=True)
class Step:
    """One piece of work: `run` starts once every step named in `needs` is done."""

    name: str
    needs: frozenset[str]
    run: Callable[[], None]


@dataclass
class _Progress:
    """What has become of the steps so far."""

    running: dict[Future[None], str] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)

    def stopped(self, needs: Iterable[str]) -> str | None:
        """Name of a needed step that will never be done."""
        return next((name for name in sorted(needs) if name in self.failures or name in self.cancelled), None)


def run(steps: Iterable[Step], view: View, parallel: int = PARALLEL) -> None:
    """Run all steps; a failure cancels what needs it, the others go on, and all failures are raised together."""
    by_name = {step.name: step for step in steps}
    order = _order(by_name)
    view.expect({step.name: step.needs for step in by_name.values()})
    progress = _Progress()
    with ThreadPoolExecutor(parallel) as pool:
        try:
            while order.is_active():
                _start_ready(order, by_name, pool, view, progress)
                _collect(order, progress)
        except KeyboardInterrupt:
            _stop(pool, view)
            raise
    if progress.failures:
        raise StepsFailedError(progress.failures)


def backwards(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The same steps with every dependency turned round, for taking down what they built."""
    steps = tuple(steps)
    return tuple(
        Step(step.name, frozenset(other.name for other in steps if step.name in other.needs), step.run)
        for step in reversed(steps)
    )


def _stop(pool: ThreadPoolExecutor, view: View) -> None:
    """Let what runs save its state and end; leaving the pool waits for it. A second Ctrl-C would lose that state."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    view.note("stopping: waiting until terraform has saved its state")
    process.interrupt()
    pool.shutdown(wait=False, cancel_futures=True)


def _order(by_name: dict[str, Step]) -> TopologicalSorter[str]:
    unknown = {need for step in by_name.values() for need in step.needs} - by_name.keys()
    if unknown:
        msg = f"steps that do not exist are needed: {', '.join(sorted(unknown))}"
        raise OpsError(msg)
    order = TopologicalSorter({step.name: step.needs for step in by_name.values()})
    try:
        order.prepare()
    except CycleError as error:
        msg = f"steps need each other: {' → '.join(error.args[1])}"
        raise OpsError(msg) from error
    return order


def _start_ready(
    order: TopologicalSorter[str],
    by_name: dict[str, Step],
    pool: ThreadPoolExecutor,
    view: View,
    progress: _Progress,
) -> None:
    while ready := order.get_ready():
        for name in ready:
            step = by_name[name]
            if cause := progress.stopped(step.needs):
                progress.cancelled.add(name)
                view.cancel(name, cause)
                order.done(name)
            else:
                progress.running[pool.submit(_run_one, step, view)] = name


def _run_one(step: Step, view: View) -> None:
    with view.step(step.name):
        step.run()


def _collect(order: TopologicalSorter[str], progress: _Progress) -> None:
    finished, _ = wait(progress.running, return_when=FIRST_COMPLETED)
    for future in finished:
        name = progress.running.pop(future)
        if error := future.exception():
            if not isinstance(error, Exception):
                raise error
            progress.failures[name] = error
        order.done(name)
