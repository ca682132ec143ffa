"""Locked-down containers that run the entrypoint's scripts over volumes that are small, full or read-only."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.entrypoint.conftest import ENTRYPOINT
from tests.image.containers import LOCKED_DOWN, docker

UID = 10001
ROOM_MIB = 8
BALLAST = f"head -c {ROOM_MIB + 1}M /dev/zero >/srv/files/ballast"
"""Fills the volume to the last byte; head's own complaint is the proof."""

Run = Callable[..., tuple[int, str]]


def memory(path: str, mib: int = ROOM_MIB) -> tuple[str, str]:
    """Return the options for a volume of that size in memory."""
    return "--tmpfs", f"{path}:size={mib}m,uid={UID},gid={UID}"


@dataclass
class Containers:
    """Containers of one image; `close` removes them."""

    image: str
    names: list[str] = field(default_factory=list)

    def start(self, *options: str, images: Path | None = None) -> Run:
        """Start one and return what runs a script in it, with variables given by name; exit code and output."""
        name = f"berth-test-{uuid.uuid4().hex[:8]}"
        self.names.append(name)
        shared = () if images is None else ("--volume", f"{images}:/images:ro")
        docker(
            "run", "--detach", "--name", name, *LOCKED_DOWN, *options, *shared,
            "--tmpfs", "/tmp", "--volume", f"{ENTRYPOINT}:/berth:ro",
            "--env", "BERTH_LIB=/berth", "--entrypoint", "sleep", self.image, "600",
        )  # fmt: skip

        def run(script: str, **variables: str) -> tuple[int, str]:
            given = [part for key, value in variables.items() for part in ("--env", f"{key}={value}")]
            done = docker("exec", *given, name, "bash", "-c", script, check=False)
            return done.returncode, done.stdout + done.stderr

        return run

    def close(self) -> None:
        """Remove them with their volumes."""
        for name in self.names:
            docker("rm", "--force", "--volumes", name)
