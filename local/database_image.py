"""The MariaDB image behind RDS: built here, from Berth's base image, where no registry need answer."""

import hashlib
import subprocess
from pathlib import Path

import docker
from docker.errors import ImageNotFound

from local.errors import CloudError

ROOT = Path(__file__).parent.parent
SOURCE = Path(__file__).parent / "images" / "mariadb"
BASE = ROOT / "packer" / "base"
REPOSITORY = "berth-local/mariadb"


def tag(base: str) -> str:
    """Name the image by what goes into it."""
    inputs = hashlib.sha256(base.encode())
    for file in sorted(SOURCE.iterdir()):
        inputs.update(file.read_bytes())
    return f"{REPOSITORY}:{inputs.hexdigest()[:12]}"


def base_tag() -> str:
    """Name the base image that the project's present inputs make."""
    return f"berth/base:{_run([str(BASE / 'hash')]).strip()}"


def current_tag() -> str:
    """Name the image that the project's present inputs make."""
    return tag(base_tag())


def ensure(client: docker.DockerClient) -> str:
    """Build the image, and its base, unless they are there; give the tag."""
    base = base_tag()
    image = tag(base)
    if not _exists(client, image):
        if not _exists(client, base):
            _run([str(BASE / "build"), base])
        client.images.build(path=str(SOURCE), tag=image, buildargs={"BASE": base}, rm=True, forcerm=True)
    return image


def _exists(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CloudError(f"{command[0]} failed (exit code {done.returncode}): {done.stderr.strip()}")
    return done.stdout
