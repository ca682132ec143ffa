"""Give a container its own stop timeout, which every later `docker stop` keeps to.

docker-py 7.2 creates containers without StopTimeout although the engine's API takes it, so the value travels as a
label. Unnecessary once docker-py's `create_container_config` takes `stop_timeout` and MiniStack passes it on.
"""

from typing import Any

from docker.api.container import ContainerApiMixin

from local.adapter._patching import Function, around
from local.adapter.container_settings import STOP_LABEL


def install() -> None:
    """Set StopTimeout from the label when a container is created."""
    around(ContainerApiMixin, "create_container_from_config")(_with_timeout)


def _with_timeout(original: Function, client: ContainerApiMixin, config: dict, *args: Any, **kwargs: Any) -> dict:
    seconds = (config.get("Labels") or {}).get(STOP_LABEL)
    if seconds:
        config["StopTimeout"] = int(seconds)
    return original(client, config, *args, **kwargs)
