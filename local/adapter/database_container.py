"""Run a database on our own image, at an address that it keeps, with its password in a file.

MiniStack 1.5.33 runs `mariadb:latest` of a registry, publishes databases on every address of the machine, gives them a
new address at every start and hands the master password over as environment. Unnecessary once image, published address,
fixed address and password file are settings of it.
"""

import io
import tarfile
from typing import Any

import docker
from docker.models.containers import Container
from docker.types import EndpointConfig
from ministack.services import rds

from local import database_image, naming, network
from local.adapter._patching import Function, around

Settings = dict[str, Any]

_SECRETS = ("MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD")
_FOLDER = "run/secrets"
# A server that cannot come up must end some time, or its instance would stay `creating` for ever.
_RESTART = {"Name": "on-failure", "MaximumRetryCount": 3}


def install() -> None:
    """Map the image and replace the way a database container starts."""
    around(rds, "_mysql_runtime_for_engine")(_own_image)
    around(rds, "_run_rds_container")(_run)


def _own_image(original: Function, engine_name: str, version: str) -> tuple[str, str | None]:
    if engine_name not in {"mariadb", "mysql"}:
        return original(engine_name, version)
    return database_image.current_tag(), None


def _run(
    original: Function, client: docker.DockerClient, engine_name: str, kwargs: Settings, *args: Any, **rest: Any
) -> Container:
    if not kwargs["image"].startswith(database_image.REPOSITORY):
        return original(client, engine_name, kwargs, *args, **rest)
    database_image.ensure(client)
    return start(client, kwargs)


def start(client: docker.DockerClient, kwargs: Settings) -> Container:
    """Create a database container, put its passwords in, start it."""
    passwords, environment = split_secrets(kwargs["environment"])
    port = naming.current_port()
    own = network.ensure(client, port)
    for volume in kwargs.get("volumes", {}):
        client.volumes.create(volume, labels=naming.labels(port))
    address = network.fixed_address(own, kwargs["name"])
    settings = kwargs | {
        "environment": environment,
        "ports": None,
        "network": own.name,
        "networking_config": {own.name: EndpointConfig(client.api._version, ipv4_address=address)},
        "restart_policy": _RESTART,
    }
    settings.pop("detach")
    container = client.containers.create(**settings)
    container.put_archive("/", archive(passwords))
    container.start()
    return container


def split_secrets(environment: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Part the passwords from the environment, which names their files instead."""
    passwords = {name: environment[name] for name in _SECRETS if name in environment}
    files = {f"{name}_FILE": f"/{_FOLDER}/{name}" for name in passwords}
    return passwords, {name: value for name, value in environment.items() if name not in passwords} | files


def archive(files: dict[str, str]) -> bytes:
    """Pack secrets as files that only root reads."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"{_FOLDER}/{name}")
            entry.mode, entry.size = 0o400, len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return packed.getvalue()
