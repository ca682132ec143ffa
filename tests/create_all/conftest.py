"""One whole copy for the tests in this folder: `make create-all` on a port and in a working folder of its own."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import docker
import pytest

from local import cloud
from modules.settings_file import environment
from ops import secrets
from ops.place import PROJECT, Place

CREATE_SECONDS = 1200
SCREENSHOTS = PROJECT / ".berth/screenshots"


@dataclass(frozen=True)
class Created:
    """A copy that `make create-all` made."""

    home: Path
    port: int
    environments: Path = PROJECT / "environments"

    @property
    def variables(self) -> dict[str, str]:
        """What sends Berth to this copy."""
        return {
            "BERTH_HOME": str(self.home),
            "BERTH_OUT": str(self.home / "cdktf.out"),
            "BERTH_ENVIRONMENTS": str(self.environments),
            "BERTH_PORT": str(self.port),
            "NO_COLOR": "1",
        }

    def make(self, *arguments: str, timeout: float = CREATE_SECONDS) -> "subprocess.CompletedProcess[str]":
        """Run make with this copy's port and folders; what it writes is kept, errors first."""
        return subprocess.run(
            ["make", *arguments, f"PORT={self.port}"],
            cwd=PROJECT,
            env=os.environ | self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    @cached_property
    def place(self) -> Place:
        """The same copy for calls from a test."""
        config = environment("local", folder=self.environments, port=self.port)
        return Place("local", PROJECT, self.home, config)

    @property
    def url(self) -> str:
        """Address of the wiki."""
        return f"http://wiki.localhost:{self.port + 1}"

    def administrator(self) -> tuple[str, str]:
        """Name and password, as `make password` shows them."""
        return secrets.administrator(self.place, "wiki")

    def containers(self, name: str = "serve") -> list[Any]:
        """Return the running containers of this copy that an ECS container definition called `name` made."""
        labels = [f"berth.cloud={self.port}", f"com.amazonaws.ecs.container-name={name}"]
        return docker.from_env().containers.list(filters={"label": labels})

    def left_over(self) -> list[str]:
        """Everything in Docker that belongs to this copy."""
        client = docker.from_env()
        labelled = {"label": f"berth.cloud={self.port}"}
        found = [
            *client.containers.list(all=True, filters=labelled),
            *client.networks.list(filters=labelled),
            *client.volumes.list(filters=labelled),
        ]
        named = (*client.networks.list(), *client.volumes.list())
        mine = re.compile(rf"berth-{self.port}(-|$)")
        return [item.name for item in found] + [item.name for item in named if mine.match(item.name)]


def free_port() -> int:
    """Return a port that nobody holds, and neither the one after it."""
    for port in range(7800, 8000, 10):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    pytest.fail("no two ports in a row are free between 7800 and 8000")


@pytest.fixture(scope="session")
def created(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Created]:
    """Everything that `make create-all` makes, taken away again at the end."""
    folder = tmp_path_factory.mktemp("create-all")
    shutil.copytree(PROJECT / "environments", folder / "environments")
    copy = Created(folder / "home", free_port(), folder / "environments")
    try:
        done = copy.make("create-all")
        assert done.returncode == 0, done.stdout + done.stderr
        (copy.home / "create-all.out").write_text(done.stdout + done.stderr)
        yield copy
    finally:
        cloud.remove(copy.home, copy.port)
