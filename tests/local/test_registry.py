import contextlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from botocore.exceptions import ClientError

from local.adapter import registry
from tests.local import jobs
from tests.local.conftest import Cloud
from tests.local.kills import kill

NAME = "berth/pushed"


def _docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [shutil.which("docker") or "docker", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=check)


@pytest.fixture(scope="module")
def repository(shared_cloud: Cloud) -> Iterator[str]:
    """Give the address of a repository with immutable tags."""
    ecr = shared_cloud.client("ecr")
    made = ecr.create_repository(repositoryName=NAME, imageTagMutability="IMMUTABLE")
    yield made["repository"]["repositoryUri"]
    ecr.delete_repository(repositoryName=NAME, force=True)


@pytest.fixture
def build(daemon: docker.DockerClient, shell_image: str, tmp_path: Path) -> Iterator[Callable[[str, str], None]]:
    """Give a function that builds a small image with a given content under a name."""
    names: list[str] = []

    def make(name: str, content: str) -> None:
        (tmp_path / "content").write_text(content)
        (tmp_path / "Dockerfile").write_text(f"FROM {shell_image}\nCOPY content /content\n")
        daemon.images.build(path=str(tmp_path), tag=name)
        names.append(name)

    yield make
    for name in dict.fromkeys(names):
        with contextlib.suppress(docker.errors.ImageNotFound):
            daemon.images.remove(name, force=True)


def test_the_size_of_an_image_is_that_of_its_layers() -> None:
    """An index has the size of what it names."""
    assert registry.size({"config": {"size": 5}, "layers": [{"size": 100}, {"size": 20}]}) == 120
    assert registry.size({"manifests": [{"size": 7}]}) == 7


@pytest.mark.cloud
def test_the_registry_is_at_the_clouds_own_port(shared_cloud: Cloud, repository: str) -> None:
    """Repository and login name the same host, which is this machine."""
    host = f"127.0.0.1:{shared_cloud.port}"
    assert repository == f"{host}/{NAME}"
    token = shared_cloud.client("ecr").get_authorization_token()["authorizationData"][0]
    assert token["proxyEndpoint"] == f"http://{host}"


@pytest.mark.cloud
def test_a_missing_image_is_an_error(shared_cloud: Cloud, repository: str) -> None:
    """As on AWS, not an empty answer."""
    ecr = shared_cloud.client("ecr")
    assert repository
    with pytest.raises(ecr.exceptions.ImageNotFoundException):
        ecr.describe_images(repositoryName=NAME, imageIds=[{"imageTag": "none"}])


@pytest.mark.cloud
@pytest.mark.containers
def test_push_and_pull_keep_the_digest(
    shared_cloud: Cloud, daemon: docker.DockerClient, repository: str, build: Callable[[str, str], None]
) -> None:
    """What was pushed by tag is described, pulled and run by its digest."""
    image = f"{repository}:v1"
    build(image, "one")
    assert "digest: sha256:" in _docker("push", image).stdout
    found = shared_cloud.client("ecr").describe_images(repositoryName=NAME, imageIds=[{"imageTag": "v1"}])
    (detail,) = found["imageDetails"]
    digest = detail["imageDigest"]
    assert daemon.images.get(image).attrs["RepoDigests"] == [f"{repository}@{digest}"]
    assert detail["imageTags"] == ["v1"]
    assert detail["imageSizeInBytes"] > 1 << 20
    daemon.images.remove(image, force=True)
    pulled = f"{repository}@{digest}"
    assert _docker("run", "--rm", pulled, "cat", "/content").stdout == "one"
    daemon.images.remove(pulled, force=True)


@pytest.mark.cloud
@pytest.mark.containers
def test_a_tag_cannot_be_pushed_twice(shared_cloud: Cloud, repository: str, build: Callable[[str, str], None]) -> None:
    """The same image may be pushed again, another one under its tag is refused and the first one stays."""
    image = f"{repository}:fixed"
    build(image, "first")
    _docker("push", image)
    _docker("push", image)
    before = _digest(shared_cloud, "fixed")
    build(image, "second")
    refused = _docker("push", image, check=False)
    assert refused.returncode != 0
    assert "immutable" in refused.stderr
    assert _digest(shared_cloud, "fixed") == before


def _digest(cloud: Cloud, tag: str) -> str:
    found = cloud.client("ecr").describe_images(repositoryName=NAME, imageIds=[{"imageTag": tag}])
    return found["imageDetails"][0]["imageDigest"]


@pytest.mark.cloud
@pytest.mark.containers
def test_images_survive_a_restart_and_lie_in_files(
    make_cloud: Callable[[], Cloud], daemon: docker.DockerClient, build: Callable[[str, str], None]
) -> None:
    """After kill -9 the image is pulled whole; the saved state holds no layer."""
    cloud = make_cloud()
    cloud.start()
    made = cloud.client("ecr").create_repository(repositoryName="kept/image")["repository"]["repositoryUri"]
    image = f"{made}:v1"
    build(image, "kept")
    _docker("push", image)
    kill(cloud)
    cloud.start()
    daemon.images.remove(image, force=True)
    assert _docker("run", "--rm", image, "cat", "/content").stdout == "kept"
    saved = json.loads((cloud.home / "cloud/state/ecr.json").read_text())["payload"]
    assert saved["layer_blobs"]["data"] == {}
    cloud.client("ecr").delete_repository(repositoryName="kept/image", force=True)
    jobs.wait(lambda: _docker("manifest", "inspect", "--insecure", image, check=False).returncode, bool, 10)


@pytest.mark.cloud
def test_tags_are_taken_away_one_by_one(shared_cloud: Cloud, repository: str) -> None:
    """An image with two tags keeps the other one; with its last tag it goes."""
    ecr = shared_cloud.client("ecr")
    assert repository
    manifest = json.dumps({"schemaVersion": 2, "config": {}, "layers": []})
    for tag in ("a", "b"):
        ecr.put_image(repositoryName=NAME, imageManifest=manifest, imageTag=tag)
    assert _tags(ecr) >= {"a", "b"}
    ecr.batch_delete_image(repositoryName=NAME, imageIds=[{"imageTag": "a"}])
    assert _tags(ecr) & {"a", "b"} == {"b"}
    ecr.batch_delete_image(repositoryName=NAME, imageIds=[{"imageTag": "b"}])
    assert _tags(ecr) & {"a", "b"} == set()


def _tags(ecr: Any) -> set[str]:
    return {image.get("imageTag") for image in ecr.list_images(repositoryName=NAME)["imageIds"]}


@pytest.mark.cloud
def test_a_repository_with_images_goes_by_force_only(shared_cloud: Cloud) -> None:
    """And takes its images with it."""
    ecr = shared_cloud.client("ecr")
    ecr.create_repository(repositoryName="full")
    manifest = json.dumps({"schemaVersion": 2, "config": {}, "layers": []})
    ecr.put_image(repositoryName="full", imageManifest=manifest, imageTag="a")
    with pytest.raises(ClientError, match="not empty"):
        ecr.delete_repository(repositoryName="full")
    ecr.delete_repository(repositoryName="full", force=True)
    ecr.create_repository(repositoryName="full")
    assert ecr.list_images(repositoryName="full")["imageIds"] == []
    ecr.delete_repository(repositoryName="full")
