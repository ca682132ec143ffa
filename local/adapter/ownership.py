"""Mark every container with the copy of the project that owns it.

MiniStack 1.5.33 names database containers and volumes by account and region, which two copies on one machine share.
Unnecessary once its names carry the gateway port.
"""

from ministack.core import container_reaper
from ministack.services import rds

from local import naming
from local.adapter._patching import Function, around


def install() -> None:
    """Name and label by port."""
    around(container_reaper, "own_labels")(_with_copy)
    around(rds, "_rds_docker_name")(_by_port)


def _with_copy(original: Function, service: str, **extra: str | None) -> dict[str, str]:
    return {**original(service, **extra), **naming.labels(naming.current_port())}


def _by_port(original: Function, db_id: str, *scope: str | None) -> str:
    # One copy has one account and one region.
    del original, scope
    return naming.owned(naming.current_port(), f"rds-{db_id}")
