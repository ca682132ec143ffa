"""Keep a list of the calls that the cloud could not answer: `GET /_berth/unimplemented`.

MiniStack 1.5.33 answers them one by one with whatever error the protocol has, and an unsupported service with an
untyped one. Berth's own, for its tests; no version of MiniStack makes this unnecessary.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app as gateway
from ministack.core.router import detect_service

from local.adapter._calls import name_of
from local.adapter._patching import around

PATH = "/_berth/unimplemented"
_SIGNS = (b"Unknown action", b"InvalidAction", b"UnknownOperation", b"Unsupported service", b"not implemented")
_FAULTS = 400
_BROKEN = 500

_missing: list[dict[str, str]] = []

Call = Callable[..., Awaitable[Any]]


def install() -> None:
    """Watch every answer, and serve the list."""
    around(gateway, "_dispatch_service_request")(_watched)
    around(gateway, "app")(_served)


async def _watched(original: Call, method: str, path: str, *rest: Any) -> Any:
    answer = await original(method, path, *rest)
    headers, body, query, _ = rest
    status, _, text = answer
    if says_missing(status, text):
        service = detect_service(method, path, headers, gateway._routing_params(method, path, headers, body, query))
        record(service, name_of(method, path, headers, body, query))
    return answer


def says_missing(status: int, body: object) -> bool:
    """Tell whether an answer means that the cloud does not know the call, or broke over it."""
    if status < _FAULTS or not isinstance(body, bytes | str):
        return False
    text = body.encode() if isinstance(body, str) else body
    return status >= _BROKEN or any(sign in text for sign in _SIGNS)


def record(service: str, action: str) -> None:
    """Note one call, once."""
    call = {"service": service, "action": action}
    if call not in _missing:
        _missing.append(call)


async def _served(original: Call, scope: dict[str, Any], receive: Call, send: Call) -> None:
    if scope["type"] != "http" or scope["path"] != PATH:
        await original(scope, receive, send)
        return
    body = json.dumps(_missing).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
