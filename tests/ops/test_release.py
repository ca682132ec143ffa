from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from ops import plans, preparation, release, service, state
from ops.errors import OpsError
from ops.place import Place
from ops.synth import Stack
from ops.view import View
from tests.conftest import make_config
from tests.ops.fakes import DIGEST, OTHER, REPOSITORY, Ecs, Logs, Secrets, Ssm, place

WANTED = f"{REPOSITORY}@{DIGEST}"
FORMER = f"{REPOSITORY}@{OTHER}"
PARAMETER = "/berth/test/wiki/image"
STACKS = {name: Stack(name, Path(name), frozenset()) for name in ("jobs-wiki", "site-wiki")}
JOBS = {
    "provision_task_definition": "provision:1",
    "migrate_task_definition": "migrate:1",
    "cluster_name": "berth-test",
    "capacity_provider": "FARGATE",
    "subnet_ids": ["subnet-1"],
    "security_group_ids": ["sg-1"],
}
SITE = {"cluster_name": "berth-test", "service_name": "berth-test-wiki", "url": "http://wiki.example.org"}


@dataclass
class World:
    """The cloud of one test: what applying does to it, and in which order things happened."""

    place: Place
    ssm: Ssm
    ecs: Ecs
    outputs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    happened: list[str] = field(default_factory=list)

    def apply(self, _: Place, stack: Stack, __: View) -> None:
        """Apply a stack: it reads the parameter, as the real ones do."""
        self.happened.append(f"{stack.name} {self.ssm.values[PARAMETER].rpartition('@')[2][7]}")
        if stack.name in self.refuses:
            raise OpsError(f"{stack.name}: timeout while waiting for a steady state")
        self.outputs[stack.name] = JOBS if stack.name.startswith("jobs") else SITE

    def release(self, image: str = WANTED, *, start: bool = True) -> None:
        """Release an image to the wiki."""
        with View("test") as view:
            release.release(self.place, "wiki", image, STACKS, view, start=start)


def _world(folder: Path, monkeypatch: pytest.MonkeyPatch, ecs: Ecs, *, former: str | None) -> World:
    ssm = Ssm(**({PARAMETER: former} if former else {}))
    logs = Logs(**{"migrate/migrate/migrate:1": ["schema is broken"], "serve/serve/old": ["nginx: no such file"]})
    world = World(place(folder, ssm=ssm, ecs=ecs, logs=logs), ssm, ecs)
    monkeypatch.setattr(release.apply, "stack_step", world.apply)
    monkeypatch.setattr(state, "read", lambda _, name: world.outputs.get(name))
    monkeypatch.setattr(state, "outputs", lambda _, name: world.outputs[name])
    monkeypatch.setattr(service, "POLL_SECONDS", 0)
    monkeypatch.setattr(service, "SETTLE_SECONDS", 0.1)
    run = ecs.run_task
    monkeypatch.setattr(ecs, "run_task", lambda **asked: world.happened.append(asked["taskDefinition"]) or run(**asked))
    return world


def test_a_first_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameter, jobs stack, provision, migrate, site stack, in this order."""
    world = _world(tmp_path, monkeypatch, Ecs(), former=None)
    world.release()
    assert world.ssm.values == {PARAMETER: WANTED}
    assert world.happened == ["jobs-wiki a", "provision:1", "migrate:1", "site-wiki a"]


def test_the_same_image_again_runs_no_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs already is provisioned and migrated; its stacks are applied all the same, for changed settings."""
    world = _world(tmp_path, monkeypatch, Ecs(), former=WANTED)
    world.outputs = {"jobs-wiki": JOBS, "site-wiki": SITE}
    world.release()
    assert world.happened == ["jobs-wiki a", "site-wiki a"]


@pytest.mark.parametrize("left_off", ["before the site was applied", "while the former image runs", "other jobs"])
def test_a_release_that_was_cut_off_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_off: str) -> None:
    """Whenever the running image is not proven to be the wanted one, both jobs run again; they are idempotent."""
    world = _world(tmp_path, monkeypatch, Ecs(), former=WANTED)
    world.outputs = {"jobs-wiki": JOBS, "site-wiki": SITE}
    if left_off == "before the site was applied":
        del world.outputs["site-wiki"]
    elif left_off == "other jobs":
        world.outputs["jobs-wiki"] = JOBS | {"migrate_task_definition": "migrate:0"}
    else:
        world.ecs.digest = OTHER
        apply = world.apply

        def apply_and_replace(*arguments: Any) -> None:
            apply(*arguments)
            if arguments[1].name == "site-wiki":
                world.ecs.digest = DIGEST

        monkeypatch.setattr(release.apply, "stack_step", apply_and_replace)
    world.release()
    assert world.happened == ["jobs-wiki a", "provision:1", "migrate:1", "site-wiki a"]


def test_a_failed_migration_puts_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site is never touched, the parameter and the jobs are the former ones, and the log's end is shown."""
    world = _world(tmp_path, monkeypatch, Ecs(ends={"migrate:1": 1}), former=FORMER)
    with pytest.raises(OpsError) as caught:
        world.release()
    assert world.ssm.values == {PARAMETER: FORMER}
    assert world.happened == ["jobs-wiki a", "provision:1", "migrate:1", "jobs-wiki b", "site-wiki b"]
    first, *rest = str(caught.value).splitlines()
    assert first == f"wiki: the release of {WANTED} failed; {FORMER} is back"
    assert rest == [
        "wiki: migrate failed: Essential container in task exited; migrate ended with exit code 1",
        "  schema is broken",
    ]


def test_a_failed_first_release_leaves_no_parameter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to put back, and the next try begins as the first did."""
    world = _world(tmp_path, monkeypatch, Ecs(ends={"provision:1": 1}), former=None)
    with pytest.raises(OpsError, match="failed; there is no former image to put back"):
        world.release()
    assert world.ssm.values == {}
    assert world.happened == ["jobs-wiki a", "provision:1"]


def test_an_image_that_ecs_rolled_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform succeeds when ECS rolls back; the running digest tells, and the stopped task says why."""
    ecs = Ecs(digest=OTHER)
    ecs.stopped = [
        {
            "taskArn": "arn:task/old",
            "lastStatus": "STOPPED",
            "createdAt": 1,
            "stoppedReason": "Task failed container health checks",
            "containers": [{"name": "serve", "exitCode": 1}],
        }
    ]
    world = _world(tmp_path, monkeypatch, ecs, former=FORMER)
    with pytest.raises(OpsError) as caught:
        world.release()
    assert world.ssm.values == {PARAMETER: FORMER}
    assert world.happened[-2:] == ["jobs-wiki b", "site-wiki b"]
    assert str(caught.value).splitlines()[1:] == [
        "ECS rolled it back",
        "a task stopped: Task failed container health checks; serve ended with exit code 1",
        "  nginx: no such file",
    ]


def test_tasks_that_do_not_stay_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rollout that failed with nothing to roll back to is a failed release."""
    world = _world(tmp_path, monkeypatch, Ecs(rollout="FAILED"), former=None)
    with pytest.raises(OpsError, match="its tasks do not stay up"):
        world.release()


def test_a_site_that_terraform_cannot_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both errors are told when going back fails too, and what to run then."""
    world = _world(tmp_path, monkeypatch, Ecs(), former=FORMER)
    world.refuses = {"site-wiki"}
    with pytest.raises(OpsError) as caught:
        world.release()
    assert world.ssm.values == {PARAMETER: FORMER}
    text = str(caught.value)
    assert f"putting {FORMER} back failed too, run make apply: site-wiki: timeout" in text
    assert text.endswith("\nsite-wiki: timeout while waiting for a steady state")


def test_a_plan_kept_before_is_not_what_a_release_applies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was made for another image, and to terraform it is not stale: the parameter is no part of the state."""
    world = _world(tmp_path, monkeypatch, Ecs(), former=None)
    kept = [plans.path(world.place, name) for name in STACKS]
    for plan in kept:
        plan.parent.mkdir(parents=True, exist_ok=True)
        plan.touch()
    there: list[bool] = []
    monkeypatch.setattr(
        release.apply,
        "stack_step",
        lambda *given: there.append(any(p.exists() for p in kept[: len(there) + 1])) or world.apply(*given),
    )
    world.release()
    assert there == [False, False]


def test_where_nothing_can_run_the_stacks_are_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a container runtime no task is run and none is awaited."""
    world = _world(tmp_path, monkeypatch, Ecs(digest=OTHER), former=None)
    world.release(start=False)
    assert world.happened == ["jobs-wiki a", "site-wiki a"]
    assert world.ssm.values == {PARAMETER: WANTED}


def test_an_apply_after_a_killed_release_runs_the_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameter names an image that nothing runs: its jobs come before the containers, and once only."""
    world = _world(tmp_path, monkeypatch, Ecs(digest=OTHER), former=WANTED)
    world.outputs = {"jobs-wiki": JOBS, "site-wiki": SITE}
    preparation.ensure(world.place, "wiki", print)
    assert world.happened == ["provision:1", "migrate:1"]


@pytest.mark.parametrize("image", [None, WANTED, f"{REPOSITORY}@{preparation.NO_IMAGE}"])
def test_an_apply_runs_no_job_without_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, image: str | None) -> None:
    """Before the first release, with the image running, or without any image there is nothing to prepare."""
    world = _world(tmp_path, monkeypatch, Ecs(), former=image)
    world.outputs = {"jobs-wiki": JOBS, "site-wiki": SITE}
    preparation.ensure(world.place, "wiki", print)
    assert world.happened == []


def test_a_missing_log_in_stops_a_release_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task could not start without the secret: nothing is changed, and the sentence says what to write."""
    world = _world(tmp_path, monkeypatch, Ecs(), former=FORMER)
    mail = {"host": "smtp.example.org", "from": "wiki@example.org"}
    config = make_config(sites={"wiki": {"host": "wiki.example.org", "mail": mail}})
    world.place = replace(place(tmp_path, ssm=world.ssm, ecs=world.ecs, secretsmanager=Secrets()), config=config)
    with pytest.raises(OpsError, match=r"^sites/wiki/mail: the secret berth/test/wiki/mail does not hold"):
        world.release()
    assert (world.ssm.values, world.happened) == ({PARAMETER: FORMER}, [])
