"""An image registry on this machine, at the cloud's own port.

MiniStack 1.5.33 names repositories `*.dkr.ecr.*.amazonaws.com`, so that pulls leave the machine; it keeps every layer
in memory, and for ever; DescribeImages forgets that an image is missing and how large it is. Unnecessary once the
registry's host is a setting and layers live on disk.
"""

import json
import os
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.services import ecr

from local.adapter import _blobs, snapshots
from local.adapter._patching import around

Record = dict[str, Any]


def install() -> None:
    """Name the registry after the cloud's address, and keep its layers in files."""
    around(ecr, "_repo_uri")(lambda _, name: f"{host()}/{name}")
    around(ecr, "_get_authorization_token")(_token)
    around(ecr, "_get_download_url_for_layer")(_layer_address)
    around(ecr, "_describe_images")(_describe)
    around(ecr, "_list_images")(_list)
    around(ecr, "_batch_delete_image")(_delete_images)
    around(ecr, "_delete_repository")(_delete_repository)
    around(ecr, "_v2_put_manifest")(_put_manifest)
    around(app, "app")(_blobs.serve)


def host() -> str:
    """Give host and port, as they stand in an image's name."""
    return f"127.0.0.1:{os.environ['GATEWAY_PORT']}"


def _token(original: Callable[..., Any], data: Record) -> Any:
    status, headers, body = original(data)
    answer = json.loads(body)
    answer["authorizationData"][0]["proxyEndpoint"] = f"http://{host()}"
    return status, headers, json.dumps(answer).encode()


def _layer_address(original: Callable[..., Any], data: Record) -> Any:
    status, headers, body = original(data)
    answer = json.loads(body)
    if "downloadUrl" in answer:
        answer["downloadUrl"] = f"http://{host()}/v2/{data['repositoryName']}/blobs/{data['layerDigest']}"
    return status, headers, json.dumps(answer).encode()


def _describe(original: Callable[..., Any], data: Record) -> Any:
    name = data.get("repositoryName", "")
    missing = [image for image in data.get("imageIds") or [] if not ecr._find_image(name, image)]
    if name in ecr._repositories and missing:
        text = f"The image with imageId {missing[0]} does not exist within the repository with name '{name}'"
        return ecr.error_response_json("ImageNotFoundException", text, 400)
    status, headers, body = original(data)
    answer = json.loads(body)
    for image in answer.get("imageDetails", []):
        manifest = ecr._find_image(name, {"imageDigest": image["imageDigest"]})["imageManifest"]
        image["imageSizeInBytes"] = size(json.loads(manifest))
    return status, headers, json.dumps(answer).encode()


def size(manifest: Record) -> int:
    """Add up the compressed layers of a manifest, or of the manifests that an index names."""
    return sum(part.get("size", 0) for part in [*manifest.get("layers", []), *manifest.get("manifests", [])])


def _list(original: Callable[..., Any], data: Record) -> Any:
    """Give each tag an entry of its own."""
    status, headers, body = original(data)
    answer = json.loads(body)
    if "imageIds" in answer:
        answer["imageIds"] = [
            identity for each in answer["imageIds"] for identity in _identities(data["repositoryName"], each)
        ]
    return status, headers, json.dumps(answer).encode()


def _identities(name: str, identity: Record) -> list[Record]:
    digest = {"imageDigest": identity["imageDigest"]}
    tags = ecr._find_image(name, digest).get("imageTags", [])
    return [{**digest, "imageTag": tag} for tag in tags] or [digest]


def _delete_images(original: Callable[..., Any], data: Record) -> Any:
    """Take a tag away; the image goes with its last one."""
    name = data.get("repositoryName", "")
    found = [ecr._find_image(name, identity) for identity in data.get("imageIds", [])]
    kept = [_untag(image, identity) for image, identity in zip(found, data.get("imageIds", []), strict=True)]
    if any(kept):
        names = [identity for identity, spared in zip(data["imageIds"], kept, strict=True) if spared]
        return ecr.json_response({"imageIds": names, "failures": []})
    answer = original(data)
    digests = {image["imageDigest"] for image in found if image}
    manifests = ecr._manifest_blobs.get(name, {})
    for digest in digests & set(manifests):
        del manifests[digest]
    _blobs.collect(_used())
    return answer


def _untag(image: Record | None, identity: Record) -> bool:
    tags = (image or {}).get("imageTags", [])
    if image is None or "imageDigest" in identity or len(tags) < 2:  # noqa: PLR2004 -- the last tag takes the image along
        return False
    tags.remove(identity["imageTag"])
    image["imageId"]["imageTag"] = tags[0]
    return True


def _delete_repository(original: Callable[..., Any], data: Record) -> Any:
    answer = original(data)
    name = data.get("repositoryName", "")
    if name not in ecr._repositories:
        ecr._manifest_blobs.pop(name, None)
        _blobs.collect(_used())
    return answer


def _used() -> set[str]:
    """Name every layer and configuration that a stored manifest refers to."""
    manifests = [json.loads(text) for stored in ecr._manifest_blobs.all_values() for text in stored.values()]
    parts = [part for each in manifests for part in [each.get("config", {}), *each.get("layers", [])]]
    return {part["digest"] for part in parts if "digest" in part}


def _put_manifest(original: Callable[..., Any], name: str, ref: str, headers: Record, body: bytes) -> Any:
    status, given, answer = original(name, ref, headers, body)
    if b"TAG_INVALID" in (answer or b""):
        text = f"ImageTagAlreadyExistsException: the image tag '{ref}' already exists in the '{name}' repository"
        return ecr._registry_error(400, "TAG_INVALID", f"{text} and cannot be overwritten: its tags are immutable")
    snapshots.save("ecr")
    return status, given, answer
