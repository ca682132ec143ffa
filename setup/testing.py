"""What only the tests and benchmarks need besides Chromium: PHP, and what the slow file system is built with."""

import shutil

from setup import SetupError, packages, process

PHP = ("php-cli",)
SLOWFS = ("gcc", "libc6-dev", "libfuse3-dev", "fuse3", "pkg-config")


def _ensure(names: tuple[str, ...], why: str) -> None:
    if not packages.can_install():
        msg = f"{why}: {packages.hint(*names)}"
        raise SetupError(msg)
    packages.install(*names)


def php() -> None:
    """Make sure of a PHP that runs the entrypoint's scripts on plain folders."""
    if not shutil.which("php"):
        _ensure(PHP, "the tests run the entrypoint's PHP scripts")


def slowfs() -> None:
    """Make sure of a compiler and of FUSE."""
    programs = all(map(shutil.which, ("gcc", "pkg-config", "fusermount3")))
    if not programs or not process.works(["pkg-config", "--exists", "fuse3"]):
        _ensure(SLOWFS, "the tests build a slow file system")
