"""Tell of a task that ended with the process of the cloud that it did so.

MiniStack 1.5.33 restores it as STOPPED without a reason or a time, its containers RUNNING, and its service still counts
it. Unnecessary once it says when and why such a task stopped.
"""

from ministack.services import ecs

from local.adapter._patching import Function, around

REASON = "The embedded cloud was restarted"


def install() -> None:
    """Complete the tasks that were restored, and count none of them."""
    around(ecs, "_restore_state")(_restore)


def _restore(original: Function, data: dict) -> None:
    original(data)
    for _, task in ecs._tasks.all_items():
        if not task.get("stoppedAt"):
            complete(task, ecs._iso())
    for _, service in ecs._services.all_items():
        for counted in (service, *service.get("deployments", [])):
            counted |= {"runningCount": 0, "pendingCount": 0}


def complete(task: dict, now: str) -> None:
    """Write into a task's record that it stopped now."""
    task |= {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stoppedAt": now, "executionStoppedAt": now}
    task |= {"stoppedReason": REASON, "stopCode": "TerminationNotice"}
    for container in task.get("containers") or []:
        container["lastStatus"] = "STOPPED"
