"""What this machine must offer: disk, memory, Docker, free ports, Terraform."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from local import cloud, process
from ops import images
from ops.place import Place
from setup import tools

GIB = 1024**3
DISK_GIB = 6
"""Virtual environment, provider, images and the cloud's volumes."""
MEMORY_GIB = 2
BINFMT = Path("/proc/sys/fs/binfmt_misc")
EMULATORS = {"x86_64": "qemu-x86_64", "arm64": "qemu-aarch64"}
"""Names under which the kernel knows who runs another processor's programs."""
PROCESSORS = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


def problems(place: Place) -> Iterator[str]:
    """Yield what stops every environment, and what stops the embedded cloud."""
    yield from _disk(place)
    yield from _terraform()
    yield from _architecture(place)
    if place.local:
        yield from _memory()
        yield from _ports(place)


def remarks(place: Place) -> Iterator[str]:
    """Yield what Berth can go on without."""
    if images.daemon() is None:
        lost = "no wiki will run" if place.local else "no image can be built"
        yield f"no Docker daemon answers: every stack is applied, {lost}; run make setup to see why"
    elif not shutil.which("packer"):
        yield "packer is not installed: no image can be built; run make setup to see why"


def _disk(place: Place) -> Iterator[str]:
    place.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place.home).free / GIB
    if free < DISK_GIB:
        yield f"disk: {free:.1f} GiB are free in {place.home}, {DISK_GIB} GiB are needed; make room or set BERTH_HOME"


def _memory() -> Iterator[str]:
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    meminfo = Path("/proc/meminfo")
    if meminfo.is_file():
        fields = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
        free = int(fields["MemAvailable"].split()[0]) * 1024
    if free < MEMORY_GIB * GIB:
        yield f"memory: {free / GIB:.1f} GiB are available, {MEMORY_GIB} GiB are needed; end other programs"


def _terraform() -> Iterator[str]:
    if tools.usable({name: tools.version(name) for name in tools.OLDEST}) is None:
        yield "terraform: 1.11 or newer is not on the PATH; run make setup"


def _architecture(place: Place) -> Iterator[str]:
    """Images are built by running what is in them: by the local processor, or by qemu in its place."""
    client = images.daemon()
    if client is None:
        return
    wanted = place.config.cluster.architecture
    found = PROCESSORS.get(client.version()["Arch"], client.version()["Arch"])
    if found != wanted and not _emulated(wanted):
        yield (
            f"environments/{place.env}.yaml: cluster/architecture: Docker here runs programs for {found} only, "
            f"got {wanted!r}; let qemu run the others (Debian 13: sudo apt-get install qemu-user-binfmt, before it "
            f"qemu-user-static), set it to {found}, or build on another machine"
        )


def _emulated(architecture: str) -> bool:
    """Whether the kernel hands programs for that processor to qemu, inside containers too (flag F)."""
    handler = BINFMT / EMULATORS[architecture]
    if not handler.is_file():
        return False
    lines = handler.read_text().splitlines()
    return "enabled" in lines and any(line.startswith("flags:") and "F" in line.split(":")[1] for line in lines)


def _ports(place: Place) -> Iterator[str]:
    if place.config.embedded_cloud is None or cloud.running(place.home, place.config.embedded_cloud.port):
        return
    names = {place.config.embedded_cloud.port: "embedded_cloud/port", place.config.http_port: "load_balancer/http_port"}
    for port, key in names.items():
        if process.port_is_taken(port):
            yield (
                f"environments/{place.env}.yaml: {key}: another program listens on it, got {port}; "
                "choose another one, or run make with PORT="
            )
