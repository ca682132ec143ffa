import json
from pathlib import Path

import docker as sdk
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from ops import sbom
from tests.image.containers import docker

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]


def test_bill_of_materials_names_what_is_in_the_image(image: str, tmp_path: Path) -> None:
    """It is valid CycloneDX, and has every package of Debian's and each of Composer's with a package URL."""
    path = sbom.write(sdk.from_env(), image, tmp_path)
    text = path.read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    urls = [component["purl"] for component in json.loads(text)["components"]]
    installed = docker("run", "--rm", "--entrypoint", "dpkg-query", image, "--show").stdout.splitlines()
    assert len([url for url in urls if url.startswith("pkg:deb/debian/")]) == len(installed)
    assert any(url.startswith("pkg:deb/debian/mediawiki@1:1.43.") for url in urls)
    assert any(url.startswith("pkg:composer/wikimedia/") for url in urls)
    assert len(urls) == len(set(urls))
