"""terraform, packer, mmdebstrap and wrk: what the PATH offers, else the distribution's, else a pinned download."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from setup import SetupError, download, packages, say

OLDEST = {"terraform": (1, 11), "tofu": (1, 11)}
"""First versions with write-only arguments and S3-native locking."""


def version(program: str) -> tuple[int, ...] | None:
    """Return the version of a terraform or tofu on the PATH, None where there is none."""
    path = shutil.which(program)
    if path is None:
        return None
    done = subprocess.run([path, "version", "-json"], check=False, capture_output=True, text=True)
    try:
        text = json.loads(done.stdout)["terraform_version"]
    except (ValueError, KeyError):
        return None
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def usable(found: dict[str, tuple[int, ...] | None]) -> str | None:
    """Return the first of terraform and tofu that is new enough."""
    return next((name for name, least in OLDEST.items() if (found.get(name) or ()) >= least), None)


def terraform(folder: Path) -> None:
    """Make sure of a program called terraform that is new enough; what is not on the PATH goes into `folder`.

    A download comes before tofu: tofu takes providers from a registry of its own.
    """
    found = {name: version(name) for name in OLDEST}
    if usable({"terraform": found["terraform"]}):
        return
    if found["terraform"]:
        say(f"terraform {'.'.join(map(str, found['terraform']))} is too old")
    try:
        download.fetch(download.TERRAFORM, folder)
    except SetupError:
        if not usable(found):
            raise
        _take_tofu(folder)


def _take_tofu(folder: Path) -> None:
    say("using tofu as terraform")
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "terraform"
    link.unlink(missing_ok=True)
    link.symlink_to(str(shutil.which("tofu")))


def packer(folder: Path) -> None:
    """Make sure of packer, or say how; without it no image can be built, yet every stack applies."""
    if shutil.which("packer"):
        return
    try:
        if packages.can_install() and packages.offered("packer"):
            packages.install("packer")
        else:
            download.fetch(download.PACKER, folder)
    except SetupError as error:
        say(f"no image can be built: {error}")


def mmdebstrap() -> None:
    """Make sure of mmdebstrap or debootstrap, or say how."""
    if not shutil.which("debootstrap"):
        _package("mmdebstrap", lost="no base image can be built")


def wrk() -> None:
    """Make sure of wrk, or say how; only the benchmark of the images needs it."""
    _package("wrk", lost="no page can be put under load")


def _package(name: str, *, lost: str) -> None:
    """Make sure of a program that a package of its name brings; without it something is lost, but nothing stops."""
    if shutil.which(name):
        return
    if not packages.can_install():
        say(f"{lost}: {packages.hint(name)}")
        return
    try:
        packages.install(name)
    except SetupError as error:
        say(f"{lost}: {error}")
