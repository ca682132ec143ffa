"""Hashes of what files hold."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

GENERATED = frozenset({"__pycache__", "collected"})
"""Folders that builds write."""


def content_hash(root: Path, paths: tuple[str, ...]) -> str:
    """Hash the names, modes and bytes of the files at and below `paths`."""
    digest = hashlib.sha256()
    for path in _files(root, paths):
        executable = bool(path.stat().st_mode & 0o100)
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root)}\0{executable:d}\0{content}\n".encode())
    return digest.hexdigest()[:12]


def _files(root: Path, paths: tuple[str, ...]) -> Iterator[Path]:
    for path in paths:
        below = sorted((root / path).rglob("*")) if (root / path).is_dir() else [root / path]
        for file in below:
            if file.is_file() and not GENERATED & set(file.relative_to(root).parts):
                yield file
