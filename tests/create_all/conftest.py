"""One whole copy for the tests in this folder: `make create-all` on a port and in a working folder of its own."""

import http.client
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
import yaml

from local import cloud
from modules.settings_file import environment
from ops import secrets
from ops.place import PROJECT, Place
from tests.image.site import Answer

CREATE_SECONDS = 1200
BLOG = {
    "app": "wordpress",
    "host": "blog.localhost",
    "title": "Berth Blog",
    "admin_email": "editor@example.org",
    "scaling": {"min": 2, "max": 2},
    "database": {"instance_class": "db.t4g.micro", "multi_az": False, "backup_days": 1},
    "files": {"mode": "extensions"},
}
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
        return self.url_of("wiki")

    def url_of(self, site: str) -> str:
        """Address of a site."""
        return f"http://{site}.localhost:{self.port + 1}"

    def ask(self, site: str, path: str) -> Answer:
        """Ask the load balancer for a path of a site."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port + 1, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": f"{site}.localhost:{self.port + 1}"})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def status(self, site: str, path: str) -> int:
        """Return the status that a path of a site answers with; 0 where no whole answer came."""
        try:
            return self.ask(site, path).status
        except (OSError, http.client.HTTPException):
            return 0

    def administrator(self, site: str = "wiki") -> tuple[str, str]:
        """Name and password, as `make password` shows them."""
        return secrets.administrator(self.place, site)

    def containers(self, site: str = "wiki") -> list[Any]:
        """Return the running containers of this copy that serve a site."""
        labels = [
            f"berth.cloud={self.port}",
            "com.amazonaws.ecs.container-name=serve",
            f"com.amazonaws.ecs.task-definition-family=berth-local-{site}",
        ]
        return docker.from_env().containers.list(filters={"label": labels}, ignore_removed=True)

    def change(self, settings: dict[str, Any], *, site: str) -> None:
        """Change settings of a site of this copy."""
        path = self.environments / "local.yaml"
        whole = yaml.safe_load(path.read_text())
        whole["sites"][site] |= settings
        path.write_text(yaml.safe_dump(whole))

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
    """Everything that `make create-all` makes, with a blog beside the wiki; taken away again at the end."""
    folder = tmp_path_factory.mktemp("create-all")
    shutil.copytree(PROJECT / "environments", folder / "environments")
    path = folder / "environments/local.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["sites"]["blog"] = BLOG
    path.write_text(yaml.safe_dump(settings))
    copy = Created(folder / "home", free_port(), folder / "environments")
    try:
        done = copy.make("create-all")
        assert done.returncode == 0, done.stdout + done.stderr
        (copy.home / "create-all.out").write_text(done.stdout + done.stderr)
        yield copy
    finally:
        cloud.remove(copy.home, copy.port)
