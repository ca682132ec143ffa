"""Names of what one copy of the project owns in Docker; a copy is known by its port."""

import os

LABEL = "berth.cloud"
# Part of MiniStack's owner label beside the port; fixed, so that a renamed machine still finds its containers.
HOSTNAME = "berth"


def current_port() -> int:
    """Tell the port of the copy this process serves."""
    return int(os.environ["GATEWAY_PORT"])


def network(port: int) -> str:
    """Name the network that this copy's tasks and databases share."""
    return f"berth-{port}"


def owned(port: int, name: str) -> str:
    """Name a container or volume of this copy."""
    return f"berth-{port}-{name}"


def labels(port: int) -> dict[str, str]:
    """Label everything this copy makes in Docker."""
    return {LABEL: str(port)}
