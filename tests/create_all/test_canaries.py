"""No secret where none belongs. The values that create-all made up are the canaries."""

import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any

import docker
import pytest

from ops import parameter
from tests.create_all.conftest import Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

MOST_BYTES = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def canaries(created: Created) -> list[bytes]:
    """Every secret value there is: ours and the database's master password."""
    client = created.place.client("secretsmanager")
    found: set[str] = set()
    for secret in client.list_secrets()["SecretList"]:
        values = json.loads(client.get_secret_value(SecretId=secret["ARN"])["SecretString"])
        found |= {str(value) for name, value in values.items() if name not in {"username", "admin_user"}}
    # of each site two passwords of the database, one of the administrator; one key and eight salts
    assert len(found) == 2 * 3 + 1 + 8
    return [value.encode() for value in found]


def _holds(content: bytes, canaries: list[bytes]) -> bool:
    return any(canary in content for canary in canaries)


def test_no_state_holds_a_secret(created: Created, canaries: list[bytes]) -> None:
    """Neither the newest version of a state nor a former one."""
    s3, bucket = created.place.client("s3"), created.place.config.state.bucket
    versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    states = [version for version in versions if version["Key"].endswith(".tfstate")]
    assert {version["Key"] for version in states} >= {"shared/registry.tfstate", "local/data-wiki.tfstate"}
    for version in states:
        body = s3.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])["Body"].read()
        assert not _holds(body, canaries), version["Key"]


def test_no_plan_holds_a_secret(created: Created, canaries: list[bytes]) -> None:
    """A saved plan carries the state and the configuration; all of it is looked at."""
    assert created.make("plan").returncode == 0
    plans = sorted((created.home / "local/plans").glob("*.tfplan"))
    assert len(plans) == 9
    for plan in plans:
        with zipfile.ZipFile(plan) as archive:
            assert not any(_holds(archive.read(name), canaries) for name in archive.namelist()), plan


def test_no_task_definition_holds_a_secret(created: Created, canaries: list[bytes]) -> None:
    """They name secrets, by ARN and key."""
    ecs = created.place.client("ecs")
    arns = ecs.list_task_definitions()["taskDefinitionArns"]
    assert len(arns) >= 3
    for arn in arns:
        definition: dict[str, Any] = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        assert definition["containerDefinitions"][0]["secrets"]
        assert not _holds(json.dumps(definition, default=str).encode(), canaries), arn


def test_no_log_holds_a_secret(created: Created, canaries: list[bytes]) -> None:
    """All lines of all tasks, what create-all printed, and what Berth keeps of terraform's output."""
    logs = created.place.client("logs")
    lines = []
    for site in ("wiki", "blog"):
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/berth/local/{site}")
        lines += [event["message"] for page in pages for event in page["events"]]
    assert len(lines) > 20
    files = [created.home / "create-all.out", *(created.home / "local").rglob("*.log*"), *created.home.rglob("*.jsonl")]
    assert len(files) > 3
    for content in ("\n".join(lines).encode(), *(file.read_bytes() for file in files)):
        assert not _holds(content, canaries)


def test_no_image_layer_holds_a_secret(created: Created, canaries: list[bytes]) -> None:
    """Every file of every layer, and the image's own settings."""
    for site in ("wiki", "blog"):
        image = docker.from_env().images.get(str(parameter.read(created.place, site)))
        looked_at = 0
        for name, content in _files(image, created):
            looked_at += 1
            assert not _holds(content, canaries), name
        assert looked_at > 1000


def _files(image: Any, created: Created) -> Iterator[tuple[str, bytes]]:
    """Yield every file of an image as `docker save` writes it, those inside its layers too."""
    saved = created.home / "image.tar"
    with saved.open("wb") as target:
        for chunk in image.save(chunk_size=MOST_BYTES):
            target.write(chunk)
    with tarfile.open(saved) as outer:
        for member in outer:
            if not member.isfile():
                continue
            if not member.name.endswith("layer.tar"):
                yield member.name, _content(outer, member)
                continue
            with tarfile.open(fileobj=outer.extractfile(member)) as layer:
                yield from ((f"{member.name}:{file.name}", _content(layer, file)) for file in layer if file.isfile())
    saved.unlink()


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    with archive.extractfile(member) or io.BytesIO() as file:
        return file.read()
