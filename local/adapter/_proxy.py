"""The data plane of a listener: one client connection, its requests one after the other."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import h11
from ministack.services import alb

from local.adapter import _rules, _targets
from local.adapter._headers import end_to_end, forwarded
from local.adapter._http import Headers, Wire

CONNECT_SECONDS = 10.0
_REASONS = {
    400: "Bad Request",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


@dataclass(frozen=True)
class Listener:
    """What a request needs to know of its listener."""

    arn: str
    port: int
    protocol: str
    balancer: str
    idle_seconds: float
    forwarded_for: str

    @classmethod
    def read(cls, arn: str) -> "Listener | None":
        """Read it from the store of whichever account and region it belongs to."""
        for (account, _, key), record in alb._listeners.all_items():
            if key == arn:
                attributes = alb._lb_attrs._data.get((account, record["LoadBalancerArn"]), [])
                values = {item["Key"]: item["Value"] for item in attributes}
                return cls(
                    arn,
                    record["Port"],
                    record["Protocol"],
                    record["LoadBalancerArn"],
                    float(values.get("idle_timeout.timeout_seconds", 60)),
                    values.get("routing.http.xff_header_processing.mode", "append"),
                )
        return None


class ClientGoneError(Exception):
    """The client left before its request was complete."""


class UnavailableError(Exception):
    """The load balancer answers itself, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def serve(arn: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a client until it leaves, is idle for too long or breaks the protocol."""
    client = Wire(h11.SERVER, reader, writer)
    with contextlib.suppress(OSError, TimeoutError, h11.ProtocolError, ClientGoneError):
        while listener := Listener.read(arn):
            if not await _exchange(client, listener):
                break
            client.state.start_next_cycle()
    client.close()


async def _exchange(client: Wire, listener: Listener) -> bool:
    """Answer one request; tell whether the connection can take another."""
    try:
        async with asyncio.timeout(listener.idle_seconds):
            request = await client.receive()
    except h11.RemoteProtocolError:
        await _answer(client, 400)
        return False
    if not isinstance(request, h11.Request):
        return False
    try:
        await _respond(client, listener, request)
    except UnavailableError as fault:
        await _answer(client, fault.status)
    return client.state.our_state is h11.DONE and await _finished(client, listener)


async def _finished(client: Wire, listener: Listener) -> bool:
    """Read what is left of a request that was answered before its end."""
    async with asyncio.timeout(listener.idle_seconds):
        while client.state.their_state is h11.SEND_BODY:
            await client.receive()
    return client.state.their_state is h11.DONE


async def _respond(client: Wire, listener: Listener, request: h11.Request) -> None:
    seen = _seen(request, client.peer)
    rules = [rule for rule in alb._rules.all_values() if rule.get("ListenerArn") == listener.arn]
    action = _first(_rules.actions(rules, seen))
    if action["Type"] == "forward":
        await _forward(client, listener, request, action["TargetGroupArn"])
    elif action["Type"] == "redirect":
        config = action["RedirectConfig"]
        address = _rules.location(config, seen, listener.protocol, listener.port)
        await _answer(client, int(config["StatusCode"].removeprefix("HTTP_")), headers=[("Location", address)])
    elif action["Type"] == "fixed-response":
        config = action["FixedResponseConfig"]
        await _answer(client, int(config["StatusCode"]), config["MessageBody"], config["ContentType"])
    else:
        raise UnavailableError(503)


def _first(actions: list[dict[str, Any]]) -> dict[str, Any]:
    return actions[0] if actions else {"Type": ""}


def _seen(request: h11.Request, peer: str) -> _rules.Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers}
    target = request.target.decode("latin-1")
    return _rules.Request(request.method.decode(), target, headers.get("host", ""), headers, peer)


async def _answer(
    client: Wire, status: int, body: str | None = None, kind: str = "text/html", headers: Sequence[tuple[str, str]] = ()
) -> None:
    """Answer in the load balancer's own name."""
    if body is None:
        title = f"{status} {_REASONS[status]}" if status in _REASONS else ""
        body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n" if title else ""
    data = body.encode()
    own = [("Server", "awselb/2.0"), ("Content-Type", kind), ("Content-Length", str(len(data)))]
    await client.send(h11.Response(status_code=status, headers=[*own, *headers]))
    await client.send(h11.Data(data=data))
    await client.send(h11.EndOfMessage())


async def _forward(client: Wire, listener: Listener, request: h11.Request, group: str) -> None:
    target = _targets.choose(group)
    if target is None:
        raise UnavailableError(503)
    target.in_flight += 1
    try:
        server = await _connect(target)
        try:
            await _relay(client, server, listener, request)
        finally:
            server.close()
    finally:
        target.in_flight -= 1


async def _connect(target: _targets.Target) -> Wire:
    # As on AWS, a refused connection is not tried at another target.
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Wire.connect(target.host, target.port)
    except TimeoutError:
        raise UnavailableError(504) from None
    except OSError:
        raise UnavailableError(502) from None


async def _relay(client: Wire, server: Wire, listener: Listener, request: h11.Request) -> None:
    headers = forwarded(request, client.peer, listener.protocol, listener.port, listener.forwarded_for)
    upload = asyncio.create_task(_upload(client, server, request, headers))
    try:
        response = await _response(server, upload, listener.idle_seconds)
        await client.send(h11.Response(status_code=response.status_code, headers=end_to_end(response.headers)))
        await _download(client, server, listener.idle_seconds)
    finally:
        upload.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError, h11.ProtocolError, ClientGoneError):
            await upload


async def _response(server: Wire, upload: asyncio.Task[None], idle_seconds: float) -> h11.Response:
    """Wait for the target's answer; its idle time runs once it has the whole request."""
    answer = asyncio.create_task(_head(server))
    await asyncio.wait({answer, upload}, return_when=asyncio.FIRST_COMPLETED)
    if upload.done() and isinstance(upload.exception(), ClientGoneError):
        answer.cancel()
        raise ClientGoneError
    try:
        async with asyncio.timeout(idle_seconds):
            return await answer
    except TimeoutError:
        raise UnavailableError(504) from None
    except (OSError, h11.ProtocolError):
        raise UnavailableError(502) from None


async def _head(server: Wire) -> h11.Response:
    while not isinstance(event := await server.receive(), h11.Response):
        if isinstance(event, h11.ConnectionClosed):
            raise ConnectionResetError
    return event


async def _upload(client: Wire, server: Wire, request: h11.Request, headers: Headers) -> None:
    await server.send(h11.Request(method=request.method, target=request.target, headers=headers))
    while not isinstance(event := await _part(client), h11.EndOfMessage):
        await server.send(h11.Data(data=event.data))
    await server.send(h11.EndOfMessage())


async def _part(client: Wire) -> h11.Data | h11.EndOfMessage:
    try:
        event = await client.receive()
    except (OSError, h11.ProtocolError) as fault:
        raise ClientGoneError from fault
    if not isinstance(event, h11.Data | h11.EndOfMessage):
        raise ClientGoneError
    return event


async def _download(client: Wire, server: Wire, idle_seconds: float) -> None:
    while True:
        async with asyncio.timeout(idle_seconds):
            event = await server.receive()
        if not isinstance(event, h11.Data):
            break
        await client.send(h11.Data(data=event.data))
    await client.send(h11.EndOfMessage())
