"""Tell tasks the API's address on their own network.

MiniStack 1.5.33 knows it only when it runs in a container itself; from a host it hands out host.docker.internal, where
nothing of ours listens. Unnecessary once it uses the gateway of DOCKER_NETWORK.
"""

from typing import Any

from ministack.services import ecs

from local import engine, naming, network
from local.adapter._patching import Function, around


def install() -> None:
    """Replace the address under which a task finds metadata, credentials and the API."""
    around(ecs, "_register_metadata")(_at_gateway)


def _at_gateway(original: Function, *args: Any) -> str:
    *given, _ = args
    return original(*given, network.gateway(network.ensure(engine.connect(), naming.current_port())))
