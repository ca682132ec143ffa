"""Versions of images: the commit, the content where there is no commit, and the tag made of them."""

import hashlib
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from ops.errors import OpsError

INPUTS = ("entrypoint", "packer")
"""Folders whose content goes into an image; a change elsewhere makes no tree dirty for it."""

VERSION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""What Docker allows in a tag, with room for the hash of the extensions."""


GENERATED = frozenset({"__pycache__", "collected"})
"""Folders among them that builds write."""


def commit(root: Path) -> str | None:
    """Return the short commit, None without one."""
    return _git(root, "rev-parse", "--short", "HEAD")


def current(root: Path) -> str:
    """Return the short commit, `-<content hash>` added where image files differ; without a commit that hash alone."""
    found = commit(root)
    if found is None:
        return content_hash(root)
    changed = _git(root, "status", "--porcelain", "--", *INPUTS)
    return f"{found}-{content_hash(root)}" if changed else found


def checked(version: str) -> str:
    """Return `version` where it can be a tag; OpsError otherwise."""
    if VERSION.fullmatch(version):
        return version
    msg = f"VERSION: cannot be an image tag, got {version!r}; letters, digits, '_', '.' and '-', at most 100"
    raise OpsError(msg)


def tag(version: str, extensions: Iterable[str]) -> str:
    """Return the tag of the image that has `extensions` baked in."""
    baked = ",".join(sorted(set(extensions)))
    return f"{version}-{hashlib.sha256(baked.encode()).hexdigest()[:8]}" if baked else version


def content_hash(root: Path) -> str:
    """Hash the names, modes and bytes of everything that goes into an image."""
    digest = hashlib.sha256()
    for path in _files(root):
        executable = bool(path.stat().st_mode & 0o100)
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root)}\0{executable:d}\0{content}\n".encode())
    return digest.hexdigest()[:12]


def _files(root: Path) -> Iterator[Path]:
    for folder in INPUTS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not GENERATED & set(path.relative_to(root).parts):
                yield path


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says, None where there is no git, no repository or no commit."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], check=False, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
