"""A web server on this machine that hands out what images are built of: releases, plugins, Composer packages."""

import contextlib
import hashlib
import json
import subprocess
import threading
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ops.place import PROJECT
from tests.image.containers import docker


@dataclass(frozen=True)
class Shelf:
    """A folder, and the address under which containers find it."""

    folder: Path
    url: str

    def download(self, name: str) -> dict[str, str]:
        """Return where a file is, and its checksum."""
        checksum = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        return {"url": f"{self.url}/{name}", "sha256": checksum}

    def pack(self, name: str, files: Mapping[str, str]) -> None:
        """Put a zip archive on the shelf, the same every time."""
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            for path, text in files.items():
                archive.writestr(zipfile.ZipInfo(path), text)

    def publish(self, packages: Mapping[str, Mapping[str, Any]], files: Mapping[str, Mapping[str, str]]) -> None:
        """Make the shelf a Composer repository: what is said of each package (`vendor/name`), and its files."""
        said: dict[str, Any] = {}
        for name, package in packages.items():
            archive = f"{name.replace('/', '-')}.zip"
            self.pack(archive, {f"top/{path}": text for path, text in files[name].items()})
            dist = {"type": "zip", "url": f"{self.url}/{archive}"}
            said[name] = {package["version"]: {"name": name, "dist": dist, **package}}
        (self.folder / "packages.json").write_text(json.dumps({"packages": said}))


@contextlib.contextmanager
def shelf(folder: Path) -> Iterator[Shelf]:
    """Serve a folder at an address that this copy of the project always has, so what was built of it is found again."""
    gateway = docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}").stdout.strip()
    port = 20_000 + zlib.crc32(str(PROJECT).encode()) % 10_000
    server = ThreadingHTTPServer((gateway, port), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Shelf(folder, f"http://{gateway}:{port}")
    finally:
        server.shutdown()
        server.server_close()


def repack(image: str, tree: str, top: str, archive: Path, *excluded: str) -> None:
    """Pack a folder of an image as a release comes: under one top folder, links followed, the same every time."""
    place = Path(tree)
    tar = (
        "tar", "-C", str(place.parent), "--create", "--gzip", "--dereference", "--sort=name", "--mtime=@0", "--owner=0",
        "--group=0", *(f"--exclude={place.name}/{name}" for name in excluded),
        f"--transform=s,^{place.name},{top},", place.name,
    )  # fmt: skip
    with archive.open("wb") as out:
        subprocess.run(["docker", "run", "--rm", "--entrypoint", tar[0], image, *tar[1:]], stdout=out, check=True)
