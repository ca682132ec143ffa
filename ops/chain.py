"""The chain an image is made in: base → php → application → site, each link known by the hash of what it is made of."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from modules.contract import Image
from ops.content import content_hash

ENTRYPOINT = ("entrypoint", "health", "jobs", "lib", "php")
"""What every application shares of `entrypoint/`."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One image of a chain: the playbook that makes it out of `parent`, and the files it is made of, below `root`."""

    root: Path
    playbook: str
    parent: str
    files: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    runs: bool = False

    @cached_property
    def hash(self) -> str:
        """Hash of everything that decides what the link holds, as the files are when it is first asked for."""
        settings = json.dumps(self.settings, sort_keys=True)
        files = content_hash(self.root, ("packer/berth.pkr.hcl", f"packer/playbooks/{self.playbook}.yml", *self.files))
        return hashlib.sha256(f"{self.parent}\0{settings}\0{files}".encode()).hexdigest()[:16]

    @property
    def repository(self) -> str:
        """Local name without the tag."""
        return f"berth/link/{self.playbook}"

    @property
    def reference(self) -> str:
        """Local name; an image of this name needs no build."""
        return f"{self.repository}:{self.hash}"

    def command(self, work: Path, apt_cache: str) -> list[str]:
        """Return the Packer command that builds it, gathering files in `work`; Packer 1.6 takes the template alone."""
        variables = {
            "apt_cache": apt_cache,
            "base_image": self.parent,
            "playbook": self.playbook,
            "repository": self.repository,
            "runs": json.dumps(self.runs),
            "settings": json.dumps(self.settings, sort_keys=True),
            "tag": self.hash,
            "work_dir": str(work),
        }
        given = [part for name, value in variables.items() for part in ("-var", f"{name}={value}")]
        return ["packer", "build", "-color=false", *given, str(self.root / "packer/berth.pkr.hcl")]


def chain(root: Path, image: Image, base: str) -> tuple[Link, ...]:
    """Return the links of `image` on the base image called `base`, in the order in which they are built."""
    php = Link(root=root, playbook="php", parent=base, files=_roles("common", "nginx", "php"))
    release = Link(root=root, playbook=image.app, parent=php.reference, files=_roles(image.app), settings=image.release)
    scripts = tuple(f"entrypoint/{name}" for name in (*ENTRYPOINT, f"apps/{image.app}"))
    site = Link(
        root=root,
        playbook=f"{image.app}-site",
        parent=release.reference,
        files=(*_roles("entrypoint", "composer", f"{image.app}_site", "site"), *scripts),
        settings=image.site,
        runs=True,
    )
    return php, release, site


def _roles(*names: str) -> tuple[str, ...]:
    return tuple(f"packer/roles/{name}" for name in names)
