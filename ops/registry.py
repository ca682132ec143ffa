"""The image registry (ECR): push a version once, and know images by digest."""

import base64
from collections.abc import Callable
from typing import Any

import docker
from docker.errors import APIError

from ops import images
from ops.errors import OpsError
from ops.place import Place
from ops.version import of_tag


def digest(place: Place, repository: str, tag: str) -> str | None:
    """Return the digest of the image `tag` in the repository called `repository`, None where either is missing."""
    ecr: Any = place.client("ecr")
    try:
        found = ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])["imageDetails"]
    except (ecr.exceptions.ImageNotFoundException, ecr.exceptions.RepositoryNotFoundException):
        return None
    return found[0]["imageDigest"] if found else None


def version(place: Place, image: str) -> str:
    """Return the tag of `image` (repository@digest), or its digest's start where the registry does not know it."""
    uri, _, found = image.partition("@")
    ecr: Any = place.client("ecr")
    try:
        answer = ecr.describe_images(repositoryName=uri.partition("/")[2], imageIds=[{"imageDigest": found}])
    except (ecr.exceptions.ImageNotFoundException, ecr.exceptions.RepositoryNotFoundException):
        return found[:19]
    tags: list[str] = answer["imageDetails"][0].get("imageTags", [])
    return of_tag(tags[0]) if tags else found[:19]


def push(place: Place, uri: str, reference: str, say: Callable[[str], None]) -> str:
    """Push the local image `reference` to the repository `uri` under its own tag; return its digest."""
    client = images.daemon()
    if client is None:
        msg = f"no Docker daemon answers, so {reference} cannot be pushed; run make setup to see why"
        raise OpsError(msg)
    tag = reference.rpartition(":")[2]
    transfer(client, reference, uri, _login(place), say)
    found = digest(place, uri.partition("/")[2], tag)
    if found is None:
        msg = f"{uri}:{tag} was pushed, yet the registry does not know it"
        raise OpsError(msg)
    return found


def _login(place: Place) -> dict[str, str]:
    """Return name and password for the registry; they go to the daemon in a header and are written nowhere."""
    data = place.client("ecr").get_authorization_token()["authorizationData"][0]
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    return {"username": user, "password": password}


def transfer(
    client: docker.DockerClient,
    reference: str,
    uri: str,
    login: dict[str, str] | None,
    say: Callable[[str], None],
) -> str:
    """Push the local image `reference` to the repository `uri` under its own tag; return the digest that was told.

    `login`: name and password, None for what `docker login` has kept.
    """
    tag = reference.rpartition(":")[2]
    client.images.get(reference).tag(uri, tag)
    try:
        return _send(client, uri, tag, login, say)
    finally:
        client.images.remove(f"{uri}:{tag}")


def _send(
    client: docker.DockerClient, uri: str, tag: str, login: dict[str, str] | None, say: Callable[[str], None]
) -> str:
    pushed: set[str] = set()
    layers: set[str] = set()
    found = ""
    try:
        for event in client.images.push(uri, tag, stream=True, decode=True, auth_config=login):
            if "error" in event:
                msg = f"pushing {uri}:{tag} failed: {event['error']}"
                raise OpsError(msg)
            found = event.get("aux", {}).get("Digest", found)
            if event.get("id") and event["id"] != tag:
                layers.add(event["id"])
            if event.get("status") in {"Pushed", "Layer already exists"}:
                pushed.add(event["id"])
                say(f"pushing: {len(pushed)} of {len(layers)} layers")
    except APIError as error:
        msg = f"pushing {uri}:{tag} failed: {error.explanation or error}"
        raise OpsError(msg) from error
    return found
