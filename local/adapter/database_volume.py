"""Remove a database's data with the database.

MiniStack 1.5.33 keeps the volume of a deleted instance, and a new one of that name would find the old data.
Unnecessary once DeleteDBInstance removes it.
"""

import contextlib

from docker.errors import NotFound
from ministack.services import rds

from local import engine
from local.adapter._patching import Function, around


def install() -> None:
    """Remove the volume after the instance, and what a lost instance left before a new one."""
    around(rds, "_create_db_instance_impl")(_create)
    around(rds, "_delete_db_instance_impl")(_delete)


def _create(original: Function, parameters: dict) -> tuple:
    identifier = rds._p(parameters, "DBInstanceIdentifier")
    if identifier not in rds._instances:
        _remove(identifier)
    return original(parameters)


def _delete(original: Function, parameters: dict) -> tuple:
    instance = rds._resolve_instance(rds._p(parameters, "DBInstanceIdentifier"))
    answer = original(parameters)
    if instance and instance["DBInstanceIdentifier"] not in rds._instances:
        _remove(instance["DBInstanceIdentifier"])
    return answer


def _remove(identifier: str) -> None:
    client = engine.connect()
    if not client:
        return
    with contextlib.suppress(NotFound):
        client.containers.get(rds._rds_docker_name(identifier)).remove(force=True)
    with contextlib.suppress(NotFound):
        client.volumes.get(rds._rds_docker_volume_name(identifier)).remove(force=True)
