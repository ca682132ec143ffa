"""`make export`: what runs an environment's sites on Kubernetes, as files that kubectl applies in their order."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from modules.kubernetes.manifest import Manifest, digest
from modules.kubernetes_site import cluster_objects, secret_keys, site_objects
from modules.site_image import site_image
from ops import images, kubernetes_secrets, registry, sbom, signature, version
from ops.errors import OpsError
from ops.kubernetes_place import KubernetesPlace

CLUSTER, SECRETS, SITE = "00-cluster.yaml", "10-secrets.yaml", "20-{}.yaml"
"""Names of the files: `kubectl apply -f FOLDER` takes them in alphabetical order."""

Say = Callable[[str], None]


def export(place: KubernetesPlace, wanted: str, folder: Path, say: Say, *, build: bool = True) -> list[Path]:
    """Write the files for version `wanted` (empty: the one of the files as they are) into `folder`; return them.

    Images are built and pushed first, and named by their digests; without `build` by tags that others have pushed.
    Values of secrets are made up once and kept in the folder. OpsError where one is missing that only its owner knows.
    """
    config = place.config
    folder.mkdir(parents=True, exist_ok=True)
    keys = {secret: names for site in config.sites for secret, names in secret_keys(config, site).items()}
    values = kubernetes_secrets.ensure(folder / SECRETS, place, keys)
    chosen = version.checked(wanted) if wanted else version.current(place.root)
    written = [folder / SECRETS, _write(folder / CLUSTER, cluster_objects(config))]
    for site in config.sites:
        image = _image(place, chosen, site, say, build=build)
        versions = {secret: digest(values[secret]) for secret in secret_keys(config, site)}
        objects = site_objects(config, site, image=image, secret_versions=versions)
        written.append(_write(folder / SITE.format(site), objects))
    _forget(folder, written)
    return sorted(written)


def _image(place: KubernetesPlace, chosen: str, site: str, say: Say, *, build: bool) -> str:
    """Return the site's image as its manifests name it."""
    wanted = site_image(place.config.sites[site]).on(place.architecture)
    uri = f"{place.config.kubernetes.registry}/{wanted.app}"
    if not build:
        return f"{uri}:{version.tag(chosen, wanted)}"
    client = images.daemon()
    if client is None:
        msg = "no Docker daemon answers, so no image can be built; run make setup to see why, or give BUILD=0"
        raise OpsError(msg)
    recipe = images.recipe(place, chosen, wanted, images.base(place, say))
    reference = images.build(place, recipe, say)
    image = f"{uri}@{registry.transfer(client, reference, uri, None, say)}"
    signature.sign(place, image, sbom.file(images.bills(place), reference))
    return image


def _write(path: Path, objects: Iterable[Manifest]) -> Path:
    path.write_text(yaml.dump_all(objects, Dumper=_Dumper, sort_keys=False, width=120))
    return path


def _forget(folder: Path, written: Iterable[Path]) -> None:
    """Remove the files of sites that there are no longer: kubectl would go on applying them."""
    for path in set(folder.glob(SITE.format("*"))) - set(written):
        path.unlink()


class _Dumper(yaml.SafeDumper):
    """Writes what is the same object twice out twice, and text of several lines as such."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the base class's signature
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
