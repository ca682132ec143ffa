"""The virtual environment: made from the hash-locked requirements.txt, and left alone while that does not change."""

import hashlib
import importlib.util
import sys
from pathlib import Path

from setup import SetupError, packages, process, say

STAMP = "berth-requirements"
"""File in the virtual environment that holds the hash of what is installed in it."""

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def wanted(root: Path) -> str:
    """Hash everything that decides what the virtual environment holds."""
    parts = (VERSION.encode(), *((root / name).read_bytes() for name in ("setup/uv.txt", "requirements.txt")))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(root: Path) -> bool:
    """Whether the virtual environment holds what requirements.txt asks for."""
    stamp = root / ".venv" / STAMP
    python = root / ".venv/bin/python"
    return python.exists() and stamp.is_file() and stamp.read_text() == wanted(root)


def create_command(root: Path) -> list[str]:
    """Return the command that makes an empty virtual environment."""
    return [sys.executable, "-m", "venv", "--upgrade", str(root / ".venv")]


def uv_command(root: Path) -> list[str]:
    """Return the command that brings uv, which installs several times faster than pip."""
    python = str(root / ".venv/bin/python")
    return [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(root / "setup/uv.txt")]


def install_command(root: Path, *, with_uv: bool) -> list[str]:
    """Return the command that installs every package, each checked against its hash."""
    python = str(root / ".venv/bin/python")
    uv = [str(root / ".venv/bin/uv"), "pip", "install", "--python", python]
    tool = uv if with_uv else [python, "-m", "pip", "install"]
    return [*tool, "--quiet", "--require-hashes", "-r", str(root / "requirements.txt")]


def _check_ensurepip() -> None:
    """Debian splits ensurepip off into a package of its own."""
    if importlib.util.find_spec("ensurepip"):
        return
    name = f"python{VERSION}-venv"
    if not packages.can_install():
        msg = f"this Python has no ensurepip; install it first: {packages.hint(name)}"
        raise SetupError(msg)
    packages.install(name)


def _install(root: Path) -> None:
    with_uv = process.works(uv_command(root))
    if not with_uv:
        say("uv could not be installed, using pip")
    process.run(install_command(root, with_uv=with_uv), doing="installing the Python packages")


def ensure(root: Path) -> None:
    """Make the virtual environment unless it is there and current."""
    if is_current(root):
        return
    say(f"making the virtual environment {root / '.venv'} (Python {VERSION})")
    _check_ensurepip()
    process.run(create_command(root), doing="making the virtual environment")
    _install(root)
    (root / ".venv" / STAMP).write_text(wanted(root))
