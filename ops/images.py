"""Builds images with Packer: the base once, the application a version; what is already there is not built again."""

import fcntl
import hashlib
import json
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound

from ops import process, version
from ops.errors import OpsError
from ops.place import Place

NAME = "berth/mediawiki"
"""Local name of the image, and its repository's in ECR."""

MADE_FROM = "berth/inputs"
"""Second local name of every image built; its tag is the hash of what the image was made from."""

LAST_LINES = 15
HEADINGS = ("==>", "TASK [", "PLAY RECAP")
"""Beginnings of the lines worth showing."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what an application image holds."""

    version: str
    extensions: tuple[str, ...]
    base: str
    content: str
    commit: str = "unknown"

    @property
    def tag(self) -> str:
        """Tag, the same in Docker and in ECR."""
        return version.tag(self.version, self.extensions)

    @property
    def reference(self) -> str:
        """Local name with the tag."""
        return f"{NAME}:{self.tag}"

    @property
    def inputs(self) -> str:
        """Local name that says what the image was made from."""
        parts = (self.tag, ",".join(sorted(self.extensions)), self.base, self.content)
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        return f"{MADE_FROM}:{digest[:16]}"

    def command(self, root: Path, work: Path) -> list[str]:
        """Return the Packer command that builds it, gathering files in `work`; Packer 1.6 takes the template alone."""
        variables = {
            "app": "mediawiki",
            "base_image": self.base,
            "commit": self.commit,
            "repository": NAME,
            "version": self.tag,
            "work_dir": str(work),
        }
        if self.extensions:
            variables["extensions"] = json.dumps(sorted(self.extensions))
        given = [part for name, value in variables.items() for part in ("-var", f"{name}={value}")]
        return ["packer", "build", "-color=false", *given, str(root / "packer/berth.pkr.hcl")]


def daemon() -> docker.DockerClient | None:
    """Return the Docker daemon, None where none answers."""
    try:
        client = docker.from_env()
        client.ping()
    except DockerException:
        return None
    return client


def base(place: Place, say: Callable[[str], None]) -> str:
    """Make the base image unless it is there, and return its tag."""
    folder = place.root / "packer/base"
    found = subprocess.run([folder / "hash"], check=True, capture_output=True, text=True).stdout.strip()
    tag = f"berth/base:{found}"
    with _one_at_a_time(place):
        _run(place, [str(folder / "build"), tag], say, doing="building the base image")
    return tag


def recipe(place: Place, wanted: str, extensions: tuple[str, ...], base_tag: str) -> Recipe:
    """Return the recipe of the image of version `wanted`, from the files as they are now."""
    return Recipe(
        version=version.checked(wanted),
        extensions=extensions,
        base=base_tag,
        content=version.content_hash(place.root),
        commit=version.commit(place.root) or "unknown",
    )


def build(place: Place, made_from: Recipe, say: Callable[[str], None]) -> str:
    """Build the image unless one of the same inputs exists, and return its local name."""
    client = daemon()
    if client is None:
        msg = "no Docker daemon answers, so no image can be built; run make setup to see why"
        raise OpsError(msg)
    with _one_at_a_time(place):
        if not _exists(client, made_from):
            work = place.home / "packer"
            work.mkdir(exist_ok=True)
            _run(place, made_from.command(place.root, work), say, doing=f"building {made_from.reference}")
            client.images.get(made_from.reference).tag(*made_from.inputs.split(":"))
    return made_from.reference


def _exists(client: docker.DockerClient, made_from: Recipe) -> bool:
    """Whether the image is here; it gets its version's name back where that went to another."""
    try:
        client.images.get(made_from.inputs).tag(NAME, made_from.tag)
    except ImageNotFound:
        return False
    return True


@contextmanager
def _one_at_a_time(place: Place) -> Iterator[None]:
    """Two builds cannot share one cache of packages."""
    place.home.mkdir(parents=True, exist_ok=True)
    with (place.home / "images.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(place: Place, command: list[str], say: Callable[[str], None], *, doing: str) -> None:
    """Run a build, show its lines as they come; OpsError with the last ones when it fails."""
    if shutil.which(command[0]) is None:
        msg = f"{doing} needs {command[0]}, which is not installed; run make setup to see why"
        raise OpsError(msg)
    last: deque[str] = deque(maxlen=LAST_LINES)
    log = place.work / f"{Path(command[0]).name}.log"

    def show(line: str) -> None:
        if line.strip():
            last.append(line.rstrip())
            heading = line.strip().removeprefix("docker.image:").strip()
            if heading.startswith(HEADINGS):
                say(heading)

    code = process.run(process.Child(command, place.root, place.process_environment(), log), show)
    if code:
        lines = "\n  ".join(last)
        msg = f"{doing} failed (exit code {code}, all of it in {log})\n  {lines}"
        raise OpsError(msg)
