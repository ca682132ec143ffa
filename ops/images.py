"""Builds images with Packer: the base, then the links of a chain; what is already there is not built again."""

import fcntl
import hashlib
import io
import json
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound, NotFound

from modules.contract import Image
from ops import process, sbom, version
from ops.chain import Link, chain
from ops.errors import OpsError
from ops.workshop import Workshop

MADE_FROM = "io.berth.image.inputs"
"""Label of a finished image: the last link of the chain it was made in."""

DEBIAN_NAMES = {"x86_64": "amd64", "arm64": "arm64"}
"""Processors, as Debian calls them."""

LAST_LINES = 15
REFUSED = re.compile(r"fatal: .*FAILED! => (\{.*\})")
"""What Ansible says of a task that failed."""
HEADINGS = ("==>", "TASK [", "PLAY RECAP")
"""Beginnings of the lines worth showing."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One version of one image: its chain, and what its labels say."""

    version: str
    image: Image
    links: tuple[Link, ...]
    commit: str = "unknown"
    source: str = "unknown"

    @property
    def tag(self) -> str:
        """Tag, the same in Docker and in ECR."""
        return version.tag(self.version, self.image)

    @property
    def repository(self) -> str:
        """Local name without the tag, and the repository's in ECR."""
        return repository(self.image.app)

    @property
    def reference(self) -> str:
        """Local name with the tag."""
        return f"{self.repository}:{self.tag}"

    def labels(self) -> dict[str, str]:
        """Return the labels that say where the image comes from, in OCI's words."""
        oci = {
            "title": self.repository,
            "version": self.version,
            "revision": self.commit,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "source": self.source,
        }
        return {f"org.opencontainers.image.{key}": text for key, text in oci.items()} | {
            MADE_FROM: self.links[-1].reference
        }


def repository(app: str) -> str:
    """Return the name of an application's images."""
    return f"berth/{app}"


def daemon() -> docker.DockerClient | None:
    """Return the Docker daemon, None where none answers."""
    try:
        client = docker.from_env()
        client.ping()
    except DockerException:
        return None
    return client


def base(place: Workshop, say: Callable[[str], None]) -> str:
    """Make the base image for the environment's processor unless it is there, and return its tag."""
    folder = place.root / "packer/base"
    processor = DEBIAN_NAMES[place.architecture]
    found = subprocess.run([folder / "hash", processor], check=True, capture_output=True, text=True).stdout.strip()
    tag = f"berth/base:{found}"
    with _one_at_a_time(place):
        _run(place, [str(folder / "build"), tag, processor], say, doing="building the base image")
    return tag


def recipe(place: Workshop, wanted: str, image: Image, base_tag: str) -> Recipe:
    """Return the recipe of version `wanted` of `image`, from the files as they are now."""
    return Recipe(
        version=version.checked(wanted),
        image=image,
        links=chain(place.root, image, base_tag),
        commit=version.commit(place.root) or "unknown",
        source=version.source(place.root) or "unknown",
    )


def apt_cache(place: Workshop) -> str:
    """Return the name of the Docker volume that keeps this copy's downloaded packages."""
    return f"berth-apt-{hashlib.sha256(str(place.home).encode()).hexdigest()[:8]}"


def forget_packages(place: Workshop) -> None:
    """Remove the volume of downloaded packages."""
    client = daemon()
    if client is not None:
        with suppress(NotFound):
            client.volumes.get(apt_cache(place)).remove()


def bills(place: Workshop) -> Path:
    """Folder of the images' bills of materials."""
    return place.home / "sbom"


def build(place: Workshop, made_from: Recipe, say: Callable[[str], None]) -> str:
    """Build the links that are missing, name the last one by its version, list what is in it; return that name."""
    client = daemon()
    if client is None:
        msg = "no Docker daemon answers, so no image can be built; run make setup to see why"
        raise OpsError(msg)
    with _one_at_a_time(place):
        for link in made_from.links:
            if _labels(client, link.reference) is None:
                _build_link(place, link, say)
        if (_labels(client, made_from.reference) or {}).get(MADE_FROM) != made_from.links[-1].reference:
            _stamp(client, made_from)
            sbom.write(client, made_from.reference, bills(place))
    return made_from.reference


def _labels(client: docker.DockerClient, reference: str) -> Mapping[str, str] | None:
    """Return the labels of an image, None where there is none of that name."""
    try:
        labels: dict[str, str] = client.images.get(reference).labels
    except ImageNotFound:
        return None
    return labels


def _build_link(place: Workshop, link: Link, say: Callable[[str], None]) -> None:
    work = place.home / "packer"
    work.mkdir(exist_ok=True)
    _run(place, link.command(work, apt_cache(place)), say, doing=f"building {link.reference}")


def _stamp(client: docker.DockerClient, made_from: Recipe) -> None:
    """Give the last link its version: labels only, no layer."""
    pairs = " ".join(f'{name}="{text}"' for name, text in made_from.labels().items())
    text = f"FROM {made_from.links[-1].reference}\nLABEL {pairs}\nENV BERTH_VERSION={made_from.version}\n"
    client.images.build(fileobj=io.BytesIO(text.encode()), tag=made_from.reference, rm=True, forcerm=True)


@contextmanager
def _one_at_a_time(place: Workshop) -> Iterator[None]:
    """Two builds cannot share one cache of packages."""
    place.home.mkdir(parents=True, exist_ok=True)
    with (place.home / "images.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(place: Workshop, command: list[str], say: Callable[[str], None], *, doing: str) -> None:
    """Run a build, show its lines as they come; OpsError with Ansible's reason or the last ones when it fails."""
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
        lines = "\n  ".join(_reasons(last) or last)
        msg = f"{doing} failed (exit code {code}, all of it in {log})\n  {lines}"
        raise OpsError(msg)


def _reasons(lines: Iterable[str]) -> list[str]:
    """Return what Ansible gives as reasons among the last lines of a build."""
    refused = (REFUSED.search(line) for line in lines)
    told = [json.loads(match[1]) for match in refused if match]
    return [" ".join(filter(None, (one["msg"], one.get("stderr")))) for one in told if "msg" in one]
