"""The bill of materials of an image: CycloneDX of what dpkg and Composer say is in it."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import docker
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

PACKAGES = r"dpkg-query --show --showformat '${Package}\t${Version}\t${Architecture}\n'"
COMPOSER = "find /usr/share -path '*/composer/installed.json' -exec sh -c 'base64 --wrap=0 \"$1\"; echo' - {} ';'"
DISTRIBUTION = "debian-13"


def write(client: docker.DockerClient, reference: str, folder: Path) -> Path:
    """Write the bill of materials of the local image `reference` into `folder`; return the file."""
    name, _, tag = reference.partition(":")
    path = file(folder, reference)
    image = Component(name=name, version=tag, bom_ref=reference, type=ComponentType.CONTAINER)
    bom = Bom(components=[*_packages(client, reference), *_libraries(client, reference)])
    bom.metadata.component = image
    bom.register_dependency(image, bom.components)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(JsonV1Dot6(bom).output_as_string(indent=2) + "\n")
    return path


def file(folder: Path, reference: str) -> Path:
    """Return where the bill of materials of a local image is, or would be."""
    return folder / f"{reference.replace('/', '-').replace(':', '-')}.cdx.json"


def _packages(client: docker.DockerClient, reference: str) -> Iterator[Component]:
    for line in _said(client, reference, PACKAGES):
        name, version, architecture = line.split("\t")
        qualifiers = {"arch": architecture, "distro": DISTRIBUTION}
        yield _component(PackageURL("deb", "debian", name, version, qualifiers))


def _libraries(client: docker.DockerClient, reference: str) -> Iterator[Component]:
    """Yield Composer's packages; several applications' lists may name the same one."""
    seen = set()
    for line in _said(client, reference, COMPOSER):
        for package in json.loads(base64.b64decode(line))["packages"]:
            vendor, _, name = package["name"].partition("/")
            url = PackageURL("composer", vendor, name, package["version"])
            if url not in seen:
                seen.add(url)
                yield _component(url)


def _component(url: PackageURL) -> Component:
    text = url.to_string()
    return Component(name=url.name, version=url.version, purl=url, bom_ref=text, type=ComponentType.LIBRARY)


def _said(client: docker.DockerClient, reference: str, script: str) -> list[str]:
    """Return the lines that a script prints in a container of the image, without any network."""
    output: bytes = client.containers.run(
        reference, ["-c", script], entrypoint="/bin/sh", remove=True, network_disabled=True
    )
    return output.decode().splitlines()
