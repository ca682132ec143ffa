"""Programs fetched from their publisher: one version, one checksum a processor, or nothing."""

import hashlib
import io
import os
import platform
import tempfile
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from setup import SetupError, say

PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Release:
    """One version of a program; `sha256` holds the checksum of its archive by processor."""

    name: str
    version: str
    sha256: dict[str, str]

    def url(self, processor: str) -> str:
        """Return the address of the archive for `processor` (amd64 or arm64)."""
        archive = f"{self.name}_{self.version}_linux_{processor}.zip"
        return f"https://releases.hashicorp.com/{self.name}/{self.version}/{archive}"


TERRAFORM = Release(
    name="terraform",
    version="1.11.4",
    sha256={
        "amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
        "arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    },
)
"""First line of Terraform with write-only arguments; the version that the tests run with."""

PACKER = Release(
    name="packer",
    version="1.8.6",
    sha256={
        "amd64": "57d0411e578aea62918d36ed186951139d5d49d44b76e5666d1fbf2427b385ae",
        "arm64": "6f28ade0040fa40fdb19966bbb87dddc5b289d7aa90c6503638d61baaea54d19",
    },
)
"""A Packer that still has the docker builder and ansible-local built in: no plugin is fetched."""


def _archive(release: Release, processor: str) -> bytes:
    url = release.url(processor)
    say(f"fetching {url}")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - https, written above
            content: bytes = answer.read()
    except (urllib.error.URLError, TimeoutError) as error:
        msg = f"{url} cannot be fetched ({error}); put {release.name} {release.version} on the PATH"
        raise SetupError(msg) from error
    found = hashlib.sha256(content).hexdigest()
    if found != release.sha256[processor]:
        msg = f"{url} is not what it should be: SHA-256 {found}, expected {release.sha256[processor]}"
        raise SetupError(msg)
    return content


def fetch(release: Release, folder: Path) -> Path:
    """Put the program of `release` into `folder` and return its path; SetupError says what to do instead."""
    processor = PROCESSORS.get(platform.machine().lower())
    if processor is None:
        msg = f"there is no pinned {release.name} for {platform.machine()}; put {release.name} on the PATH"
        raise SetupError(msg)
    with zipfile.ZipFile(io.BytesIO(_archive(release, processor))) as archive:
        program = archive.read(release.name)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
        part.write(program)
    path = folder / release.name
    Path(part.name).chmod(0o755)
    os.replace(part.name, path)  # noqa: PTH105 - by rename: a killed set-up leaves no half program
    return path
