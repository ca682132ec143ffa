"""Answer `GET /_berth/status`, and hand every other request on.

MiniStack 1.5.33 cannot say which copy of the project it serves, nor what it recorded without starting it. Berth's own:
no version of MiniStack makes this unnecessary.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack import app as gateway

from local.adapter import _status
from local.adapter._patching import Function, around

PATH = "/_berth/status"

Send = Callable[[dict[str, Any]], Awaitable[None]]


def install() -> None:
    """Put the route in front of MiniStack's application."""
    around(gateway, "app")(_answer)


async def _answer(original: Function, scope: Mapping[str, Any], receive: Function, send: Send) -> None:
    if scope["type"] != "http" or scope["path"] != PATH:
        await original(scope, receive, send)
        return
    body = json.dumps(await asyncio.to_thread(_status.describe)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
