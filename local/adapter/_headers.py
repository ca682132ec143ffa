"""The header fields that pass through a load balancer, and those it adds. Pure: no store, no socket."""

import secrets
import time
from collections.abc import Mapping

import h11

from local.adapter._http import Headers

_HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
_OWN = {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-port", b"x-amzn-trace-id", b"expect"}


def end_to_end(headers: h11._headers.Headers) -> Headers:
    """Leave out what is for one connection only; names keep their spelling."""
    named = {part.strip().lower() for name, value in headers if name == b"connection" for part in value.split(b",")}
    dropped = _HOP_BY_HOP | named
    return [(raw, value) for raw, value in headers.raw_items() if raw.lower() not in dropped]


def forwarded(request: h11.Request, peer: str, protocol: str, port: int, mode: str) -> Headers:
    """Give the header fields that the target receives."""
    given = dict(request.headers)
    kept = [(name, value) for name, value in end_to_end(request.headers) if name.lower() not in _OWN]
    if given.get(b"transfer-encoding"):
        kept.append((b"Transfer-Encoding", b"chunked"))
    return [
        *kept,
        *_forwarded_for(given, peer, mode),
        (b"X-Forwarded-Proto", protocol.lower().encode()),
        (b"X-Forwarded-Port", str(port).encode()),
        (b"X-Amzn-Trace-Id", given.get(b"x-amzn-trace-id", _trace())),
        (b"Connection", b"close"),
    ]


def _forwarded_for(given: Mapping[bytes, bytes], peer: str, mode: str) -> Headers:
    before = given.get(b"x-forwarded-for")
    if mode == "append":
        return [(b"X-Forwarded-For", b", ".join(filter(None, (before, peer.encode()))))]
    return [(b"X-Forwarded-For", before)] if mode == "preserve" and before else []


def _trace() -> bytes:
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}".encode()
