"""Builds the slow file system where it is asked for, mounts it and reads its counts."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parent / "slowfs.c"
MOUNT_SECONDS = 10


def build() -> Path:
    """Compile the program unless this source was compiled already; return its path."""
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
    program = Path(tempfile.gettempdir()) / f"berth-slowfs-{os.getuid()}-{digest}"
    if not program.exists():
        new = program.with_name(f"{program.name}.{os.getpid()}")
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", new, SOURCE, *_libraries()], check=True)
        new.replace(program)
    return program


def _libraries() -> list[str]:
    command = ["pkg-config", "--cflags", "--libs", "fuse3"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@dataclass(frozen=True)
class SlowFolder:
    """A mounted folder."""

    path: Path

    def counts(self) -> dict[str, int]:
        """Return how often each operation was asked for, and the `total`."""
        lines = (self.path / ".slowfs").read_text().splitlines()
        return {name: int(count) for name, count in (line.split() for line in lines)}

    def reset(self) -> None:
        """Start the counts anew."""
        (self.path / ".slowfs").write_text("reset")

    def delay(self, microseconds: int) -> None:
        """Let every operation take that long from now on."""
        (self.path / ".slowfs").write_text(f"delay {microseconds}")


@contextmanager
def mounted(folder: Path, mountpoint: Path, *, delay_us: int = 0) -> Iterator[SlowFolder]:
    """Show `folder` at `mountpoint`; nothing is cached from an earlier mount, as on another machine."""
    mountpoint.mkdir(exist_ok=True)
    command = [build(), folder, mountpoint, "-f"]
    with subprocess.Popen(command, env=os.environ | {"SLOWFS_DELAY_US": str(delay_us)}) as server:
        try:
            _wait(server, mountpoint)
            yield SlowFolder(mountpoint)
        finally:
            unmount = shutil.which("fusermount3") or "fusermount"
            subprocess.run([unmount, "-u", "-z", mountpoint], check=False)
            server.wait(MOUNT_SECONDS)


def _wait(server: subprocess.Popen[bytes], mountpoint: Path) -> None:
    deadline = time.monotonic() + MOUNT_SECONDS
    while not os.path.ismount(mountpoint):
        if server.poll() is not None or time.monotonic() > deadline:
            msg = f"slowfs does not mount at {mountpoint}"
            raise OSError(msg)
        time.sleep(0.02)
