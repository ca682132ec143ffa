"""Run one of a site's jobs (provision, migrate) as a single ECS task and wait for its end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from modules.naming import Naming
from ops.errors import OpsError
from ops.place import Place

POLL_SECONDS = 1.0
DEADLINE_SECONDS = 3600.0
LOG_LINES = 20


@dataclass(frozen=True, kw_only=True)
class Job:
    """What ECS is asked to run; the fields are the outputs of the stack `jobs-<site>`.

    `env`: settings on top of those of the task definition.
    """

    site: str
    name: str
    cluster: str
    task_definition: str
    capacity_provider: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)

    def request(self) -> dict[str, Any]:
        """Return the arguments of RunTask."""
        network = {
            "subnets": list(self.subnet_ids),
            "securityGroups": list(self.security_group_ids),
            "assignPublicIp": "DISABLED",
        }
        return {
            "cluster": self.cluster,
            "taskDefinition": self.task_definition,
            "count": 1,
            "startedBy": "berth",
            "capacityProviderStrategy": [{"capacityProvider": self.capacity_provider, "weight": 1}],
            "networkConfiguration": {"awsvpcConfiguration": network},
            "propagateTags": "TASK_DEFINITION",
            **self._overrides(),
        }

    def _overrides(self) -> dict[str, Any]:
        if not self.env:
            return {}
        env = [{"name": name, "value": value} for name, value in self.env.items()]
        return {"overrides": {"containerOverrides": [{"name": self.name, "environment": env}]}}


class JobError(OpsError):
    """A job that ended badly; `exit_code` of its container, None where it never ran."""

    def __init__(self, text: str, exit_code: int | None) -> None:
        """Keep the exit code for whoever can do something about it."""
        super().__init__(text)
        self.exit_code = exit_code


def run(place: Place, job: Job, say: Callable[[str], None], deadline: float = DEADLINE_SECONDS) -> None:
    """Run `job` to its end; JobError with the reason and the last log lines unless it ends well."""
    ecs = place.client("ecs")
    answer = ecs.run_task(**job.request())
    if not answer["tasks"]:
        reasons = ", ".join(failure.get("reason", "unknown") for failure in answer.get("failures", ()))
        msg = f"{job.site}: {job.name} could not be started: {reasons or 'ECS gave no reason'}"
        raise OpsError(msg)
    task = _ended(ecs, job, answer["tasks"][0]["taskArn"], say, deadline)
    if not _went_well(task):
        text = "\n".join((f"{job.site}: {job.name} failed: {reason(task)}", *_last_lines(place, job, task)))
        raise JobError(text, task["containers"][0].get("exitCode"))


def reason(task: dict[str, Any]) -> str:
    """Say why a task stopped, in ECS's words and with the exit codes."""
    parts = [task.get("stoppedReason", "")]
    for container in task.get("containers", ()):
        if container.get("reason"):
            parts.append(container["reason"])
        if container.get("exitCode") not in (None, 0):
            parts.append(f"{container['name']} ended with exit code {container['exitCode']}")
    return "; ".join(part for part in parts if part) or "ECS gave no reason"


def last_lines(place: Place, site: str, job: str, task: dict[str, Any]) -> list[str]:
    """Return the last lines that a task logged, indented; empty where it logged nothing."""
    logs = place.client("logs")
    lines: list[str] = []
    for container in task.get("containers", ()):
        stream = f"{job}/{container['name']}/{task['taskArn'].rsplit('/', 1)[-1]}"
        try:
            events = logs.get_log_events(
                logGroupName=Naming(environment=place.env, site=site).log_group,
                logStreamName=stream,
                limit=LOG_LINES,
                startFromHead=False,
            )["events"]
        except logs.exceptions.ResourceNotFoundException:
            continue
        lines += [f"  {event['message'].rstrip()}" for event in events[-LOG_LINES:]]
    return lines


def _last_lines(place: Place, job: Job, task: dict[str, Any]) -> list[str]:
    return last_lines(place, job.site, job.name, task)


def _ended(ecs: Any, job: Job, arn: str, say: Callable[[str], None], deadline: float) -> dict[str, Any]:  # noqa: ANN401 - a boto3 client
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        task: dict[str, Any] = ecs.describe_tasks(cluster=job.cluster, tasks=[arn])["tasks"][0]
        if task["lastStatus"] == "STOPPED":
            return task
        say(f"{job.name}: {task['lastStatus'].lower()}")
        time.sleep(POLL_SECONDS)
    ecs.stop_task(cluster=job.cluster, task=arn, reason=f"berth: not done after {deadline:.0f} s")
    msg = f"{job.site}: {job.name} was stopped, it was not done after {deadline:.0f} s"
    raise OpsError(msg)


def _went_well(task: dict[str, Any]) -> bool:
    return all(container.get("exitCode") == 0 for container in task["containers"])
