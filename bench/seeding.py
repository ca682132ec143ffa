"""Seeding the shared files with plugins and themes against `cp -a` of the same tree, 3 ms an operation, in one run.

Claim: at least six times as fast, with every file's mode kept. The file system is tests/slowfs.
"""

import os
import random
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.slowfs.mount import mounted

ROOT = Path(__file__).parent.parent
ENTRYPOINT = ROOT / "entrypoint"
WORTH = 6
FILES = 1950
"""As many as in WordPress's own plugins and themes."""
DELAY_US = 3000


@dataclass(frozen=True)
class Measured:
    """Seconds and operations of both; whether what was seeded has the tree's contents and modes."""

    seeding_seconds: float
    copying_seconds: float
    seeding_operations: int
    copying_operations: int
    same: bool

    @property
    def ratio(self) -> float:
        """How many times faster seeding is."""
        return self.copying_seconds / self.seeding_seconds


def run() -> bool:
    """Print both times and the ratio; return whether the claim holds."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_tree(place / "tree", files=FILES)
        measured = measure(place / "tree", place, delay_us=DELAY_US)
    print(
        f"seeding: {FILES} files at {DELAY_US / 1000:.0f} ms an operation: "
        f"{measured.seeding_seconds:.1f} s ({measured.seeding_operations} operations), "
        f"cp -a {measured.copying_seconds:.1f} s ({measured.copying_operations})"
    )
    print(f"seeding: {measured.ratio:.1f} times as fast (claimed: {WORTH} at least), modes kept: {measured.same}")
    return measured.same and measured.ratio >= WORTH


def make_tree(tree: Path, *, files: int) -> None:
    """Write plugins and themes of about the sizes that WordPress's have, the same ones at every run."""
    chance = random.Random(4)  # noqa: S311 - sizes, not secrets
    for n in range(files):
        kind = "themes" if n % 3 == 0 else "plugins"
        path = tree / kind / f"extension-{n % 12}" / f"part-{n % 7}" / f"section-{n % 4}" / f"file-{n}.php"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(int(chance.paretovariate(1) * 1500) % 200_000))
        path.chmod(0o755 if n % 10 == 0 else 0o644)


def measure(tree: Path, place: Path, *, delay_us: int) -> Measured:
    """Seed from `tree`, then copy it, each to an empty folder below `place` that is slow."""
    for name in ("seeded", "copied", "share"):
        (place / name).mkdir()
    _describe(tree, place / "share")
    mount = place / "mount"
    environment = {
        "PATH": os.environ["PATH"],
        "BERTH_LIB": str(ENTRYPOINT),
        "BERTH_FILES": str(mount),
        "BERTH_SHARE": str(place / "share"),
        "BERTH_EXTENSIONS": str(tree),
    }
    seeding = _timed([ENTRYPOINT / "jobs/extensions", "upgrade"], place / "seeded", mount, delay_us, environment)
    copying = _timed(["cp", "-a", tree, mount / "tree"], place / "copied", mount, delay_us, environment)
    same = _contents(tree) == _contents(place / "seeded/extensions")
    return Measured(seeding[0], copying[0], seeding[1], copying[1], same)


def _describe(tree: Path, share: Path) -> None:
    with (share / "extensions.json").open("w") as manifest:
        subprocess.run(["php", ENTRYPOINT / "php/extensions/manifest.php", tree], stdout=manifest, check=True)


def _timed(
    command: list[str | Path], folder: Path, mountpoint: Path, delay_us: int, environment: dict[str, str]
) -> tuple[float, int]:
    with mounted(folder, mountpoint, delay_us=delay_us) as slow:
        slow.reset()
        begin = time.monotonic()
        subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
        return time.monotonic() - begin, slow.counts()["total"]


def _contents(tree: Path) -> dict[str, tuple[bytes, int]]:
    """Contents and mode of each plugin's and theme's file by its path."""
    files = [path for kind in ("plugins", "themes") for path in (tree / kind).rglob("*") if path.is_file()]
    return {str(path.relative_to(tree)): (path.read_bytes(), path.stat().st_mode) for path in files}
