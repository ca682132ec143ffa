import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops import images, registry
from ops.errors import OpsError
from tests.ops.fakes import DIGEST, REPOSITORY, Exceptions, MissingError, place

REFERENCE = "berth/mediawiki:v1"


class Ecr:
    """A registry that holds images by tag."""

    exceptions = Exceptions()

    def __init__(self, **tags: str) -> None:
        self.tags = tags

    def describe_images(self, repositoryName: str, imageIds: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - AWS's spelling
        assert repositoryName == "berth/mediawiki"
        (wanted,) = imageIds
        for tag, digest in self.tags.items():
            if wanted in ({"imageTag": tag}, {"imageDigest": digest}):
                return {"imageDetails": [{"imageDigest": digest, "imageTags": [tag]}]}
        raise MissingError

    def get_authorization_token(self) -> dict[str, Any]:
        token = base64.b64encode(b"AWS:token:with:colons").decode()
        return {"authorizationData": [{"authorizationToken": token}]}


class Docker:
    """A daemon whose push writes to `ecr`, or fails with `error`."""

    def __init__(self, ecr: Ecr, error: str = "") -> None:
        self.images = self
        self.ecr = ecr
        self.error = error
        self.did: list[tuple[str, ...]] = []

    def get(self, reference: str) -> "Docker":
        self.did.append(("get", reference))
        return self

    def tag(self, repository: str, tag: str) -> None:
        self.did.append(("tag", repository, tag))

    def remove(self, reference: str) -> None:
        self.did.append(("remove", reference))

    def push(self, repository: str, tag: str, **asked: Any) -> Iterator[dict[str, str]]:
        assert asked == {
            "stream": True,
            "decode": True,
            "auth_config": {"username": "AWS", "password": "token:with:colons"},
        }
        self.did.append(("push", repository, tag))
        yield {"status": "Preparing", "id": "layer1"}
        yield {"status": "Preparing", "id": "layer2"}
        yield {"status": "Pushed", "id": "layer1"}
        if self.error:
            yield {"error": self.error}
            return
        yield {"status": "Layer already exists", "id": "layer2"}
        self.ecr.tags[tag] = DIGEST


def _docker(monkeypatch: pytest.MonkeyPatch, ecr: Ecr, error: str = "") -> Docker:
    docker = Docker(ecr, error)
    monkeypatch.setattr(images, "daemon", lambda: docker)
    return docker


def test_the_digest_comes_from_the_registry(tmp_path: Path) -> None:
    """A tag that is not there has none."""
    here = place(tmp_path, ecr=Ecr(v1=DIGEST))
    assert registry.digest(here, "berth/mediawiki", "v1") == DIGEST
    assert registry.digest(here, "berth/mediawiki", "v2") is None


def test_a_push(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tagged for the registry, pushed with its own login, the extra tag taken away, the digest the registry's."""
    ecr = Ecr()
    docker = _docker(monkeypatch, ecr)
    said: list[str] = []
    assert registry.push(place(tmp_path, ecr=ecr), REPOSITORY, REFERENCE, said.append) == DIGEST
    assert docker.did == [
        ("get", REFERENCE),
        ("tag", REPOSITORY, "v1"),
        ("push", REPOSITORY, "v1"),
        ("remove", f"{REPOSITORY}:v1"),
    ]
    assert said[-1] == "pushing: 2 of 2 layers"


def test_a_refused_push(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry's words, and no tag left behind."""
    ecr = Ecr()
    docker = _docker(monkeypatch, ecr, error="denied")
    with pytest.raises(OpsError, match=f"pushing {REPOSITORY}:v1 failed: denied"):
        registry.push(place(tmp_path, ecr=ecr), REPOSITORY, REFERENCE, print)
    assert docker.did[-1] == ("remove", f"{REPOSITORY}:v1")


def test_no_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear error."""
    monkeypatch.setattr(images, "daemon", lambda: None)
    with pytest.raises(OpsError, match="no Docker daemon answers, so berth/mediawiki:v1 cannot be pushed"):
        registry.push(place(tmp_path, ecr=Ecr()), REPOSITORY, REFERENCE, print)


def test_the_version_of_a_digest(tmp_path: Path) -> None:
    """`make status` shows the version in the tag, or the beginning of a digest that nothing knows."""
    here = place(tmp_path, ecr=Ecr(**{"v1-0a1b2c3d": DIGEST}))
    assert registry.version(here, f"{REPOSITORY}@{DIGEST}") == "v1"
    assert registry.version(here, f"{REPOSITORY}@sha256:{'c' * 64}") == "sha256:cccccccccccc"
