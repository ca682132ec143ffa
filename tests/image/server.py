"""What every site of the tests and benchmarks stands on: a network and a throw-away database server."""

import contextlib
import uuid
from collections.abc import Iterator

import docker as sdk

from local import database_image
from tests.image.containers import docker, eventually
from tests.image.site import Database


@contextlib.contextmanager
def network() -> Iterator[str]:
    """Make a network of its own, and remove it."""
    name = f"berth-test-{uuid.uuid4().hex[:6]}"
    docker("network", "create", name)
    try:
        yield name
    finally:
        docker("network", "rm", name)


@contextlib.contextmanager
def database(network: str) -> Iterator[Database]:
    """Start a database server on a network, and remove it with what it holds."""
    with contextlib.closing(sdk.from_env()) as client:
        image = database_image.ensure(client)
    running = Database(host=f"{network}-db", network=network, password="canary-root")
    docker(
        "run", "--detach", "--name", running.host, "--network", network,
        "--env", f"MARIADB_ROOT_PASSWORD={running.password}", image,
    )  # fmt: skip
    ping = ("exec", running.host, "mariadb-admin", "-uroot", f"-p{running.password}", "ping")
    try:
        eventually(lambda: docker(*ping, check=False).returncode == 0, "the database answers", 60)
        yield running
    finally:
        docker("rm", "--force", "--volumes", running.host)
