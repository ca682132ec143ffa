"""First boots that the kill harness works on, and the containers of those that are models."""

import uuid
from pathlib import Path
from typing import Protocol

from bench import reference
from tests.image.containers import docker

MODELS = Path(__file__).with_name("models")


class Boot(Protocol):
    """Something that sets itself up when it starts."""

    @property
    def name(self) -> str:
        """What it is, for the table."""

    def empty(self) -> None:
        """Begin again with nothing there."""

    def start(self) -> str:
        """Start a container that ends with code 0 where it would begin to serve; return its name."""

    def state(self, name: str) -> str:
        """Return what a container that ended well took for whole, comparable between runs."""

    def close(self) -> None:
        """Remove all of it."""


class Starts:
    """Containers that start on one volume, in the image of the plain set-up of an application."""

    def __init__(self, app: str, folder: str, *options: str) -> None:
        self.folder, self.options = folder, options
        self.image = reference.build(app, "defaults")
        self.key = f"k{uuid.uuid4().hex[:8]}"
        self.containers: list[str] = []

    @property
    def volume(self) -> str:
        """Docker volume that begins empty."""
        return f"berth-bench-{self.key}"

    def start(self, *command: str) -> str:
        """Start a container with a command in the place of the image's entry point."""
        name = f"{self.volume}-{uuid.uuid4().hex[:6]}"
        self.containers.append(name)
        docker(
            "run", "--detach", "--name", name, "--volume", f"{self.volume}:{self.folder}",
            "--volume", f"{MODELS}:/models:ro", *self.options, "--entrypoint", command[0], self.image, *command[1:],
        )  # fmt: skip
        return name

    def empty(self) -> None:
        """Remove what ran, and the volume."""
        if self.containers:
            docker("rm", "--force", "--volumes", *self.containers)
            self.containers.clear()
        docker("volume", "rm", "--force", self.volume)
