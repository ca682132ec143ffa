"""Where terraform finds its provider: once on disk, in a mirror that every stack folder links to.

A mirror that is already on this machine is used as it is. Without one, the provider is downloaded once to
`.berth/providers`, whose folder then is the mirror. The plugin cache is not used: terraform does not lock it, and
several inits side by side damage it.
"""

import fcntl
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from ops.errors import OpsError
from ops.place import Place

ADDRESS = "registry.terraform.io/hashicorp/aws"
LOCK_FILE = "terraform.lock.hcl"
MIRROR_PATH = re.compile(r"filesystem_mirror\s*\{[^}]*?path\s*=\s*\"([^\"]+)\"", re.DOTALL)
VERSION = re.compile(r"version\s*=\s*\"([^\"]+)\"")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
IMPLIED = (
    "~/.terraform.d/plugins",
    "~/.local/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
)
"""Folders in which terraform itself looks for unpacked providers."""

ADD_ONS = Path("/opt")
"""Where images for CI put what is no part of the distribution: mirrors lie in its folders, or in their `plugins`."""


def prepare(place: Place) -> None:
    """Write `.berth/terraformrc` and `.berth/terraform.lock.hcl`; download the provider where no mirror has it."""
    place.home.mkdir(parents=True, exist_ok=True)
    with (place.home / "providers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mirror = find(place, os.environ) or _download(place)
        # The lock file of a download also has the hash of the unpacked package for this kind of machine.
        own = mirror == _downloads(place).resolve()
        _write(
            place.home / LOCK_FILE,
            (_folder(place) / ".terraform.lock.hcl" if own else place.root / LOCK_FILE).read_text(),
        )
        _write(place.terraformrc, terraformrc(mirror))


def terraformrc(mirror: Path) -> str:
    """Terraform's settings: providers come from `mirror` and from nowhere else."""
    return (
        "disable_checkpoint = true\n"
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f"    path = {json.dumps(str(mirror))}\n"
        "  }\n"
        "}\n"
    )


def find(place: Place, environment: Mapping[str, str]) -> Path | None:
    """Return the first mirror that holds the locked version, unpacked, for this machine."""
    package = Path(ADDRESS) / _locked_version(place) / _platform()
    for mirror in _mirrors(place, environment):
        if any((mirror / package).glob("terraform-provider-aws_v*")):
            return mirror.resolve()
    return None


def _mirrors(place: Place, environment: Mapping[str, str]) -> Iterator[Path]:
    if chosen := environment.get("BERTH_PROVIDER_MIRROR"):
        yield Path(chosen)
    for file in (environment.get("TF_CLI_CONFIG_FILE"), "~/.terraformrc"):
        if file and (path := Path(file).expanduser()).is_file():
            yield from (Path(found).expanduser() for found in MIRROR_PATH.findall(path.read_text()))
    yield from (Path(folder).expanduser() for folder in IMPLIED)
    yield from (folder for pattern in ("*", "*/plugins") for folder in sorted(ADD_ONS.glob(pattern)))
    yield _downloads(place)


def _downloads(place: Place) -> Path:
    # The layout in which init unpacks providers is the layout of a mirror.
    return _folder(place) / ".terraform" / "providers"


def _folder(place: Place) -> Path:
    return place.home / "providers"


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _download(place: Place) -> Path:
    """Let terraform download, check against the lock file and unpack the provider, with the user's own settings."""
    folder = _folder(place)
    folder.mkdir(exist_ok=True)
    required = {"aws": {"source": "hashicorp/aws", "version": _locked_version(place)}}
    (folder / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
    (folder / ".terraform.lock.hcl").write_bytes((place.root / LOCK_FILE).read_bytes())
    done = subprocess.run(
        [place.terraform, "init", "-input=false", "-no-color"],
        cwd=folder,
        env=_user_environment(place),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = (
            f"the AWS provider {_locked_version(place)} is in no mirror on this machine and could not be downloaded: "
            f"{' '.join(done.stderr.split())}; set BERTH_PROVIDER_MIRROR to a folder that holds {ADDRESS}"
        )
        raise OpsError(msg)
    return _downloads(place).resolve()


def _user_environment(place: Place) -> dict[str, str]:
    environment = place.process_environment()
    configured = os.environ.get("TF_CLI_CONFIG_FILE", "")
    if configured and Path(configured).is_file():
        return environment | {"TF_CLI_CONFIG_FILE": configured}
    del environment["TF_CLI_CONFIG_FILE"]
    return environment


def _locked_version(place: Place) -> str:
    found = VERSION.search((place.root / LOCK_FILE).read_text())
    if found is None:
        msg = f"{LOCK_FILE}: holds no provider version; restore it from git"
        raise OpsError(msg)
    return found[1]


def _platform() -> str:
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{ARCHITECTURES.get(machine, machine)}"
