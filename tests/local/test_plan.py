import pytest

from local.adapter._plan import Condition, Rules, Step, Task, step

READY, STARTING, UNHEALTHY = Condition.READY, Condition.STARTING, Condition.UNHEALTHY


def _tasks(text: str) -> list[Task]:
    """Read tasks such as `new:ready old:starting`; they are named a, b, c in this order."""
    return [
        Task(name, Condition[condition.upper()], age == "new", name)
        for name, (age, _, condition) in zip("abcdefgh", (word.partition(":") for word in text.split()), strict=False)
    ]


@pytest.mark.parametrize(
    ("why", "rules", "tasks", "rolling", "expected"),
    [
        ("a new service starts all", Rules(2), "", True, Step(2, ())),
        ("starting tasks are waited for", Rules(2), "new:starting new:starting", True, Step(0, ())),
        ("new tasks start beside the old", Rules(2), "old:ready old:ready", True, Step(2, ())),
        ("old ones stay until a new one is ready", Rules(2), "old:ready old:ready new:starting", True, Step(1, ())),
        (
            "each ready one relieves an old one",
            Rules(2),
            "old:ready old:ready new:ready new:starting",
            True,
            Step(0, ("a",)),
        ),
        ("at the end all old ones leave", Rules(2), "old:ready new:ready new:ready", True, Step(0, ("a",))),
        (
            "no room: old ones make it, down to the minimum",
            Rules(4, 50, 100),
            "old:ready " * 4,
            True,
            Step(2, ("a", "b")),
        ),
        ("no room and none to spare: nothing happens", Rules(2, 100, 100), "old:ready old:ready", True, Step(0, ())),
        (
            "an unhealthy new task is replaced at once",
            Rules(2),
            "old:ready old:ready new:unhealthy",
            True,
            Step(2, ("c",)),
        ),
        ("an unhealthy task of a settled service serves on", Rules(2), "new:ready new:unhealthy", False, Step(1, ())),
        ("until its replacement is ready", Rules(2), "new:ready new:unhealthy new:ready", False, Step(0, ("b",))),
        ("scaling in takes what is starting first", Rules(1), "new:ready new:starting", False, Step(0, ("b",))),
        ("zero desired stops all", Rules(0), "new:ready old:ready", False, Step(0, ("a", "b"))),
        (
            "tasks of a superseded deployment do not go on starting",
            Rules(1),
            "old:starting new:ready",
            True,
            Step(0, ("a",)),
        ),
    ],
)
def test_one_step(why: str, rules: Rules, tasks: str, rolling: bool, expected: Step) -> None:
    """Each situation leads to the step that ECS would take."""
    found = step(rules, _tasks(tasks), rolling=rolling)
    assert (found.start, sorted(found.stop)) == (expected.start, sorted(expected.stop)), why


def test_a_failed_deployment_starts_nothing_and_spares_what_serves() -> None:
    """Without a way back the old tasks go on serving."""
    found = step(Rules(2), _tasks("old:ready old:ready new:unhealthy"), rolling=True, failed=True)
    assert found == Step(0, ("c",))


@pytest.mark.parametrize("minimum", [0, 50, 100])
@pytest.mark.parametrize("maximum", [100, 150, 200])
@pytest.mark.parametrize("desired", [1, 2, 3, 5])
def test_a_rollout_keeps_to_its_limits(desired: int, minimum: int, maximum: int) -> None:
    """Whatever the percentages: never too few ready, never too many at once, and it ends where it can."""
    rules = Rules(desired, minimum, maximum)
    tasks = [Task(f"old{number}", READY, current=False) for number in range(desired)]
    for turn in range(40):
        made = step(rules, tasks, rolling=True)
        tasks = [task for task in tasks if task.arn not in made.stop]
        assert sum(task.condition is READY for task in tasks) >= rules.minimum
        tasks += [Task(f"new{turn}.{number}", STARTING, current=True) for number in range(made.start)]
        assert len(tasks) <= max(rules.maximum, desired)
        starting = [task for task in tasks if task.condition is STARTING][:1]
        tasks = [Task(task.arn, READY, task.current) if task in starting else task for task in tasks]
    stuck = rules.maximum == desired and rules.minimum == desired
    assert [task.current for task in tasks] == [not stuck] * desired
