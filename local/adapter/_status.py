"""What the cloud says of itself at `GET /_berth/status`."""

import os

from ministack.services import ecs, rds

from local import engine


def describe() -> dict:
    """Tell whose cloud this is, whether Docker answers, and what has no container though it should."""
    return {
        "home": os.environ["BERTH_HOME"],
        "pid": os.getpid(),
        "docker": engine.connect() is not None,
        "not_started": [*_tasks(), *_databases()],
    }


def _tasks() -> list[str]:
    return [
        task["taskArn"]
        for _, task in ecs._tasks.all_items()
        if task.get("lastStatus") == "RUNNING" and not task.get("_docker_ids")
    ]


def _databases() -> list[str]:
    return [
        instance["DBInstanceArn"]
        for _, instance in rds._instances.all_items()
        if instance["DBInstanceStatus"] == "failed" or _has_no_container(instance)
    ]


def _has_no_container(instance: dict) -> bool:
    return instance["DBInstanceStatus"] == "available" and not instance.get("_docker_container_id")
