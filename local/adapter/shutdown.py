"""Start no container any more once the cloud shuts down.

MiniStack 1.5.33 stops its containers while its scheduler still runs, which takes them for failed ones and starts others
that outlive the process. Unnecessary once its scheduler ends before its containers do.
"""

import threading
from typing import Any

from docker.models.containers import Container
from ministack import app as gateway
from ministack.core import container_reaper
from ministack.services import ecs

from local import engine
from local.adapter import task_volumes
from local.adapter._patching import Function, around

# MariaDB must write its pages before it is killed, and a task may drain.
STOP_SECONDS = 20
# What a killed process left serves nobody, and the start waits for it.
_START_SECONDS = 5
_ROUNDS = 5

closing = threading.Event()


def install() -> None:
    """Close the scheduler before the containers are swept."""
    around(gateway, "_stop_docker_containers")(_sweep)
    around(ecs, "_maybe_mark_stopped")(_unless_closing)
    around(ecs, "_reconcile_service_tasks")(_unless_closing)
    around(ecs, "_run_docker_container")(_refuse_when_closing)


def _sweep(original: Function, at_start: bool = False) -> None:
    # Containers without an owner, which MiniStack takes as its own at its start, are somebody else's here.
    del original
    if not at_start:
        closing.set()
    client = engine.connect()
    if not client:
        return
    # At the start a second look would find the containers of this run already; at the end it finds one that was being
    # created at the first.
    for _ in range(1 if at_start else _ROUNDS):
        if not container_reaper.reap_all(client, stop_timeout=_START_SECONDS if at_start else STOP_SECONDS):
            break
    task_volumes.remove_all_scratch(client)


def _unless_closing(original: Function, *args: Any) -> None:
    if not closing.is_set():
        original(*args)


def _refuse_when_closing(original: Function, *args: Any, **kwargs: Any) -> Container:
    if closing.is_set():
        raise RuntimeError("the embedded cloud shuts down")
    return original(*args, **kwargs)
