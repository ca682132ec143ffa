"""Versions of images: the commit, the content where there is no commit, and the tag made of them."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

from modules.contract import Image
from ops.content import content_hash
from ops.errors import OpsError

INPUTS = ("entrypoint", "packer")
"""Folders whose content goes into an image; a change elsewhere makes no tree dirty for it."""

VERSION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""What Docker allows in a tag, with room for the hash of what is baked in."""

PUBLIC = re.compile(r"https://[^@\s\"$]+")
"""Addresses that anybody may read."""

BAKED = 8
"""Letters of that hash."""


def commit(root: Path) -> str | None:
    """Return the short commit, None without one."""
    return _git(root, "rev-parse", "--short", "HEAD")


def current(root: Path) -> str:
    """Return the short commit, `-<content hash>` added where image files differ; without a commit that hash alone."""
    found = commit(root)
    if found is None:
        return content_hash(root, INPUTS)
    changed = _git(root, "status", "--porcelain", "--", *INPUTS)
    return f"{found}-{content_hash(root, INPUTS)}" if changed else found


def checked(version: str) -> str:
    """Return `version` where it can be a tag; OpsError otherwise."""
    if VERSION.fullmatch(version):
        return version
    msg = f"VERSION: cannot be an image tag, got {version!r}; letters, digits, '_', '.' and '-', at most 100"
    raise OpsError(msg)


def tag(version: str, image: Image) -> str:
    """Return the tag of the image with these settings baked in: images of one version may differ from site to site.

    The processor is part of it: environments for either share the registry.
    """
    baked = json.dumps([image.architecture, image.release, image.site], sort_keys=True)
    return f"{version}-{hashlib.sha256(baked.encode()).hexdigest()[:BAKED]}"


def of_tag(tag: str) -> str:
    """Return the version that `tag` was made of."""
    return tag[: -BAKED - 1]


def source(root: Path) -> str | None:
    """Return the public address of the repository, None where it has none or the address holds a login."""
    found = _git(root, "remote", "get-url", "origin")
    return found if found and PUBLIC.fullmatch(found) else None


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says, None where there is no git, no repository or no commit."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], check=False, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
