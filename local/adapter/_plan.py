"""Decide which tasks of a service start and stop next. Pure: counts in, counts and names out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Condition(Enum):
    """How far a task is, in the order in which a task is given up."""

    UNHEALTHY = 0
    STARTING = 1
    READY = 2


@dataclass(frozen=True)
class Task:
    """One task that has not begun to stop; `current` when it belongs to the deployment being rolled out."""

    arn: str
    condition: Condition
    current: bool
    created: str = ""


@dataclass(frozen=True)
class Rules:
    """What the service asks for."""

    desired: int
    minimum_percent: int = 100
    maximum_percent: int = 200

    @property
    def minimum(self) -> int:
        """The ready tasks that a deployment must leave."""
        return math.ceil(self.desired * self.minimum_percent / 100)

    @property
    def maximum(self) -> int:
        """The tasks that may exist at once."""
        return max(1, self.desired * self.maximum_percent // 100)


@dataclass(frozen=True)
class Step:
    """How many tasks to start, and which to stop, now."""

    start: int
    stop: tuple[str, ...]


def step(rules: Rules, tasks: Iterable[Task], *, rolling: bool = False, failed: bool = False) -> Step:
    """Plan one step towards the desired count of ready, current tasks.

    While a deployment is rolling its unhealthy tasks are stopped at once; of a settled service they serve until
    their replacements are ready. A failed deployment starts nothing.
    """
    kept = sorted(tasks, key=lambda task: (task.condition.value, task.current, task.created))
    useful = [task for task in kept if task.current and task.condition is not Condition.UNHEALTHY]
    need = 0 if failed else max(0, rules.desired - len(useful))
    stop = _useless(rules, kept, useful, rolling=rolling)
    room = rules.maximum - len(kept) + len(stop)
    if need > room:
        stop += _make_room(rules, [task for task in kept if task not in stop], need - max(0, room))
        room = rules.maximum - len(kept) + len(stop)
    return Step(max(0, min(need, room)), tuple(task.arn for task in stop))


def _useless(rules: Rules, kept: list[Task], useful: list[Task], *, rolling: bool) -> list[Task]:
    """Name the tasks that nobody would miss: dead weight, the surplus, and old tasks that new ones stand in for."""
    surplus = useful[: max(0, len(useful) - rules.desired)]
    dead = [task for task in kept if _dead(task, rolling=rolling)]
    ready = sum(task.condition is Condition.READY for task in kept) - sum(
        task.condition is Condition.READY for task in surplus
    )
    replaced = [task for task in kept if task not in dead and not (task.current and task in useful)]
    spare = max(0, ready - rules.desired)
    leaving = [task for task in replaced if task.condition is Condition.READY][:spare]
    if ready >= rules.desired:
        leaving += [task for task in replaced if task.condition is not Condition.READY]
    return [*dead, *surplus, *leaving]


def _dead(task: Task, *, rolling: bool) -> bool:
    if task.condition is Condition.STARTING:
        return not task.current
    return task.condition is Condition.UNHEALTHY and (rolling or not task.current)


def _make_room(rules: Rules, kept: list[Task], wanted: int) -> list[Task]:
    """Give up tasks that still serve, as far as the minimum allows."""
    ready = sum(task.condition is Condition.READY for task in kept)
    given_up: list[Task] = []
    for task in kept:
        old_ready = task.condition is Condition.READY and not task.current
        if len(given_up) < wanted and (task.condition is Condition.UNHEALTHY or (old_ready and ready > rules.minimum)):
            given_up.append(task)
            ready -= old_ready
    return given_up
