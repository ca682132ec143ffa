"""The layers of the registry: files named by their digest, received and sent in pieces.

Docker's registry protocol, blobs only: https://distribution.github.io/distribution/spec/api/
"""

import asyncio
import hashlib
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from ministack.core import persistence
from ministack.services import ecr

CHUNK_BYTES = 1024 * 1024
# A push may have sent its layers and not yet its manifest.
YOUNG_SECONDS = 3600
_PATH = re.compile(r"/v2/(?P<name>.+)/blobs/(?P<rest>.*)")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class BlobError(Exception):
    """A refusal in the registry's own words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def _folder(name: str) -> Path:
    folder = Path(persistence.STATE_DIR).parent / "registry" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _blob(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise BlobError(400, "DIGEST_INVALID", f"not a digest: {digest}")
    return _folder("blobs") / digest.replace(":", "-")


def collect(used: set[str]) -> None:
    """Delete the layers that no image needs any more."""
    names = {digest.replace(":", "-") for digest in used}
    for path in _folder("blobs").iterdir():
        if path.name not in names and time.time() - path.stat().st_mtime > YOUNG_SECONDS:
            path.unlink()


async def serve(
    original: Callable[..., Awaitable[None]], scope: Mapping[str, Any], receive: Receive, send: Send
) -> None:
    """Answer requests for blobs, and hand all others on."""
    found = _PATH.fullmatch(scope.get("path", "")) if scope["type"] == "http" else None
    if not found:
        await original(scope, receive, send)
        return
    try:
        await _route(found["name"], found["rest"].strip("/"), scope, receive, send)
    except BlobError as fault:
        status, headers, body = ecr._registry_error(fault.status, fault.code, str(fault))
        await _send(send, status, headers, body)


async def _route(name: str, rest: str, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    if not any(known == name for _, _, known in ecr._repositories._data):
        raise BlobError(404, "NAME_UNKNOWN", f"The repository with name '{name}' does not exist")
    method = scope["method"]
    if rest == "uploads" and method == "POST":
        await _begin(name, scope, send)
    elif rest.startswith("uploads/"):
        await _upload(name, rest.removeprefix("uploads/"), scope, receive, send)
    elif method in ("GET", "HEAD"):
        await _give(rest, send, body=method == "GET")
    else:
        raise BlobError(405, "UNSUPPORTED", f"{method} is not supported")


async def _begin(name: str, scope: Mapping[str, Any], send: Send) -> None:
    """Open an upload; a layer that is here already, of whatever repository, is taken over instead."""
    mount = parse_qs(scope["query_string"].decode()).get("mount", [""])[0]
    if mount and _blob(mount).exists():
        await _made(name, mount, send)
        return
    identity = uuid.uuid4().hex
    (_folder("uploads") / identity).touch()
    await _progress(name, identity, send)


async def _progress(name: str, identity: str, send: Send) -> None:
    received = _upload_path(identity).stat().st_size
    headers = {
        "Location": f"/v2/{name}/blobs/uploads/{identity}",
        "Range": f"0-{max(0, received - 1)}",
        "Docker-Upload-UUID": identity,
    }
    await _send(send, 202, headers)


def _upload_path(identity: str) -> Path:
    path = _folder("uploads") / identity
    if not re.fullmatch(r"[0-9a-f]{32}", identity) or not path.exists():
        raise BlobError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
    return path


async def _upload(name: str, identity: str, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    path = _upload_path(identity)
    if scope["method"] == "DELETE":
        path.unlink()
        await _send(send, 204, {})
        return
    await _append(path, receive)
    if scope["method"] == "PUT":
        digest = parse_qs(scope["query_string"].decode()).get("digest", [""])[0]
        await asyncio.to_thread(_finish, path, digest)
        await _made(name, digest, send)
    else:
        await _progress(name, identity, send)


async def _append(path: Path, receive: Receive) -> None:
    with path.open("ab") as file:
        async for piece in _pieces(receive):
            await asyncio.to_thread(file.write, piece)


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BlobError(400, "BLOB_UPLOAD_INVALID", "the client left")
        more = message.get("more_body", False)
        yield message.get("body", b"")


def _finish(path: Path, digest: str) -> None:
    with path.open("rb") as file:
        actual = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    if actual != digest:
        raise BlobError(400, "DIGEST_INVALID", f"the upload's digest is {actual}, not {digest}")
    path.replace(_blob(digest))


async def _made(name: str, digest: str, send: Send) -> None:
    await _send(send, 201, {"Location": f"/v2/{name}/blobs/{digest}", "Docker-Content-Digest": digest})


async def _give(digest: str, send: Send, *, body: bool) -> None:
    path = _blob(digest)
    if not path.exists():
        raise BlobError(404, "BLOB_UNKNOWN", "blob unknown to registry")
    headers = {"Content-Length": str(path.stat().st_size), "Docker-Content-Digest": digest}
    await _start(send, 200, {**headers, "Content-Type": "application/octet-stream"})
    if body:
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _start(send: Send, status: int, headers: Mapping[str, str]) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    version = (b"docker-distribution-api-version", b"registry/2.0")
    await send({"type": "http.response.start", "status": status, "headers": [*pairs, version]})


async def _send(send: Send, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
    kept = {name: value for name, value in headers.items() if name.lower() != "docker-distribution-api-version"}
    if status != 204:  # noqa: PLR2004 -- an answer without content has no length
        kept["Content-Length"] = str(len(body))
    await _start(send, status, kept)
    await send({"type": "http.response.body", "body": body})
