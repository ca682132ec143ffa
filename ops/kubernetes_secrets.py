"""Values of the Secrets of an environment on Kubernetes: made up once, kept in one file for its owner's eyes."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from modules.kubernetes.manifest import manifest
from modules.kubernetes.namespace import PART_OF
from ops import secrets
from ops.errors import OpsError
from ops.kubernetes_place import KubernetesPlace

Values = dict[str, dict[str, str]]


def ensure(path: Path, place: KubernetesPlace, keys: Mapping[str, tuple[str, ...]]) -> Values:
    """Return the values of the Secrets in `keys`, read from the file at `path`; what it lacks is made up and written.

    OpsError with every key that only its owner can know and that has no value there yet; its place is in the file.
    """
    known = _read(path)
    values = {secret: known.get(secret) or _made_up(place, secret, keys[secret]) for secret in keys}
    if values != known:
        _write(path, place.config.namespace, values)
    missing = [f"{secret}/{key}" for secret in keys for key in keys[secret] if not values[secret].get(key)]
    if missing:
        raise OpsError("\n".join(f"{path}: {key}: has no value yet, got ''; write it there" for key in missing))
    return values


def _made_up(place: KubernetesPlace, secret: str, keys: tuple[str, ...]) -> dict[str, str]:
    """Values of a secret that nobody knows yet; empty ones where they are somebody else's."""
    name, _, kind = secret.rpartition("-")
    match kind:
        case "database":
            return secrets.log_in(place.config.sites[name].app)
        case "app":
            return secrets.app_values(place.config.sites[name])
        case "root":
            return secrets.log_in("root")
        case _:
            return dict.fromkeys(keys, "")


def _read(path: Path) -> Values:
    if not path.exists():
        return {}
    return {each["metadata"]["name"]: each["stringData"] for each in yaml.safe_load_all(path.read_text()) if each}


def _write(path: Path, namespace: str, values: Values) -> None:
    """Write the file anew, and put it in its place when it is whole: a lost password is lost for good."""
    objects = [
        manifest(
            "v1",
            "Secret",
            {"name": name, "namespace": namespace, "labels": {PART_OF: "berth"}},
            type="Opaque",
            stringData=data,
        )
        for name, data in values.items()
    ]
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(yaml.safe_dump_all(objects, sort_keys=False))
    new.rename(path)
