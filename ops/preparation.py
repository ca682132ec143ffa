"""What has to have happened before a site's containers serve an image: the provision and migrate jobs of that image."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from modules.contract import NEEDS_BACKUP
from ops import backup, parameter, secrets, service, state, tasks
from ops.place import Place

NO_IMAGE = f"sha256:{'0' * 64}"
"""Digest of no image: what a site is given where nothing can build one or run it."""


def ensure(place: Place, site: str, say: Callable[[str], None]) -> None:
    """Run the jobs unless the site runs the image that its parameter names; a release was killed where it does not."""
    image = parameter.read(place, site)
    if image is None or image.endswith(NO_IMAGE):
        return
    secrets.require(place, site)
    if is_running(place, site, image):
        return
    run(place, site, outputs(place, f"jobs-{site}"), say)


def run(place: Place, site: str, jobs: Mapping[str, Any], say: Callable[[str], None]) -> None:
    """Run the jobs, one after the other; `jobs`: outputs of the stack `jobs-<site>`. OpsError when one fails."""
    say("provision")
    tasks.run(place, _job(site, "provision", jobs), say)
    say("migrate")
    migrate = _job(site, "migrate", jobs)
    try:
        tasks.run(place, migrate, say)
    except tasks.JobError as error:
        if error.exit_code != NEEDS_BACKUP:
            raise
        say("the schema is about to change: taking a snapshot of the database")
        backup.take(place, site, say)
        tasks.run(place, replace(migrate, env={"MIGRATE_BACKUP": "taken"}), say)


def is_running(place: Place, site: str, image: str) -> bool:
    """Whether the site runs `image` already, so that its database is provisioned and migrated for it."""
    found = outputs(place, f"site-{site}")
    if not found:
        return False
    now = service.describe(place, found["cluster_name"], found["service_name"])
    return now is not None and now.running > 0 and now.runs(image.rpartition("@")[2])


def outputs(place: Place, stack: str) -> Mapping[str, Any]:
    """Return the outputs of a stack; empty before it was applied."""
    return state.outputs(place, stack) if state.read(place, stack) else {}


def _job(site: str, name: str, jobs: Mapping[str, Any]) -> tasks.Job:
    return tasks.Job(
        site=site,
        name=name,
        cluster=jobs["cluster_name"],
        task_definition=jobs[f"{name}_task_definition"],
        capacity_provider=jobs["capacity_provider"],
        subnet_ids=tuple(jobs["subnet_ids"]),
        security_group_ids=tuple(jobs["security_group_ids"]),
    )
