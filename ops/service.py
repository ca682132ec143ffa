"""What a site's ECS service runs at this moment, and why its tasks stopped."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops import tasks
from ops.place import Place

POLL_SECONDS = 2.0
SETTLE_SECONDS = 300.0
_SCALED_IN = "Scaling activity initiated by"
"""How ECS begins the reason of a task that was stopped because it was no longer wanted."""


@dataclass(frozen=True)
class Running:
    """A service at one moment: what it wants, what runs, and how its rollout stands."""

    desired: int
    running: int
    rollout: str
    task_definition: str
    digests: frozenset[str]

    def runs(self, digest: str) -> bool:
        """Whether every task, and there is one if one is wanted, runs the image `digest`."""
        return self.digests <= {digest} and self.running >= min(1, self.desired)

    @property
    def settled(self) -> bool:
        """Whether ECS is done with the newest deployment, for good or bad."""
        return self.rollout in {"COMPLETED", "FAILED"} and self.running >= min(1, self.desired)


def describe(place: Place, cluster: str, name: str) -> Running | None:
    """Return the service called `name`, None where it does not exist (yet)."""
    ecs = place.client("ecs")
    try:
        found = ecs.describe_services(cluster=cluster, services=[name])["services"]
    except ecs.exceptions.ClusterNotFoundException:
        return None
    active = [service for service in found if service["status"] != "INACTIVE"]
    if not active:
        return None
    service = active[0]
    primary = next(d for d in service["deployments"] if d["status"] == "PRIMARY")
    return Running(
        desired=service["desiredCount"],
        running=service["runningCount"],
        rollout=primary.get("rolloutState", "COMPLETED"),
        task_definition=primary["taskDefinition"],
        digests=frozenset(_digests(ecs, cluster, name)),
    )


def settled(place: Place, cluster: str, name: str, say: Callable[[str], None]) -> Running | None:
    """Return the service once ECS is done with its newest deployment, or as it is after SETTLE_SECONDS."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        now = describe(place, cluster, name)
        if now is None or now.settled or time.monotonic() > deadline:
            return now
        say(f"{now.running} of {now.desired} tasks run, rollout {now.rollout.lower()}")
        time.sleep(POLL_SECONDS)


def why_stopped(place: Place, site: str, outputs: Mapping[str, Any]) -> list[str]:
    """Return the reason and last log lines of the newest task of the service that failed; empty where none did."""
    ecs = place.client("ecs")
    cluster, name = outputs["cluster_name"], outputs["service_name"]
    arns = ecs.list_tasks(cluster=cluster, serviceName=name, desiredStatus="STOPPED")["taskArns"]
    if not arns:
        return []
    found = ecs.describe_tasks(cluster=cluster, tasks=arns[:100])["tasks"]
    failed = [task for task in found if not task.get("stoppedReason", "").startswith(_SCALED_IN)]
    if not failed:
        return []
    newest = max(failed, key=lambda task: task.get("stoppedAt") or task["createdAt"])
    return [f"a task stopped: {tasks.reason(newest)}", *tasks.last_lines(place, site, "serve", newest)]


def _digests(ecs: Any, cluster: str, name: str) -> set[str]:  # noqa: ANN401 - a boto3 client
    """Return the digests that the service's tasks run; an image not known by digest counts under its name."""
    arns = ecs.list_tasks(cluster=cluster, serviceName=name, desiredStatus="RUNNING")["taskArns"]
    if not arns:
        return set()
    found = ecs.describe_tasks(cluster=cluster, tasks=arns[:100])["tasks"]
    return {
        container.get("imageDigest") or container.get("image", "").rpartition("@")[2]
        for task in found
        if task["lastStatus"] == "RUNNING"
        for container in task["containers"]
    }
