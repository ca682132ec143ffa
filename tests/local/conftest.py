"""Fixtures of the embedded cloud: real ones, each with its own port and home, and nothing left behind."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import docker
import pytest

from local import cloud, database_image, engine, process


@dataclass(frozen=True)
class Cloud:
    """A running cloud of a test."""

    home: Path
    port: int
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Give a boto3 client that talks to this cloud."""
        if service not in self.clients:
            settings = cloud.environment(self.port)
            self.clients[service] = boto3.client(
                service,
                endpoint_url=settings["AWS_ENDPOINT_URL"],
                region_name=settings["AWS_REGION"],
                aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
            )
        return self.clients[service]

    def status(self) -> dict[str, Any]:
        """Ask it for its status."""
        found = process.status(self.port)
        assert found, "the cloud does not answer"
        return found

    def start(self) -> None:
        """Start it."""
        cloud.start(self.home, self.port)

    def stop(self) -> None:
        """Stop it."""
        cloud.stop(self.home, self.port)

    def remove(self) -> None:
        """Remove it with all it made, and close what the test opened."""
        for client in self.clients.values():
            client.close()
        cloud.remove(self.home, self.port)


def free_port() -> int:
    """Find a port that nobody holds; the one after it is left to a load balancer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def make_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Cloud]]:
    """Make clouds that do not run yet; all of them are removed at the end."""
    made: list[Cloud] = []

    def make() -> Cloud:
        made.append(Cloud(tmp_path_factory.mktemp("home"), free_port()))
        return made[-1]

    yield make
    for each in made:
        each.remove()


@pytest.fixture(scope="session")
def shared_cloud(make_cloud: Callable[[], Cloud]) -> Cloud:
    """Give one running cloud for all tests that do not stop it."""
    made = make_cloud()
    made.start()
    return made


@pytest.fixture(scope="session")
def daemon() -> docker.DockerClient:
    """Give the Docker daemon, and skip where there is none."""
    client = engine.connect()
    if client is None:
        pytest.skip("needs a container runtime")
    return client


@pytest.fixture(scope="session")
def shell_image(daemon: docker.DockerClient) -> str:
    """Give an image that has a shell: Berth's own base image."""
    database_image.ensure(daemon)
    return database_image.base_tag()
