"""Open a socket on this machine for each HTTP listener.

MiniStack 1.5.33 serves load balancers on its own port only, found by `*.elb.amazonaws.com` or `<name>.alb.localhost`;
a listener's port is a mere number, DeleteLoadBalancer leaves the listeners behind, and a rule without a priority gets
priority 1. Unnecessary once it binds listener ports and routes any Host by the listener's rules.

HTTPS listeners are recorded and open no socket: certificates of the embedded cloud have no private keys. Left out of
the data plane: web sockets, sticky sessions, weighted target groups, rule transforms.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from typing import Any

from ministack import app
from ministack.services import alb

from local.adapter import _background, _proxy
from local.adapter._patching import around, around_action

ADDRESS = "127.0.0.1"
BACKLOG = 1024

_sockets: dict[str, socket.socket] = {}
_servers: dict[str, asyncio.Server] = {}
_log = logging.getLogger(__name__)


def install() -> None:
    """Tie the sockets to the life of the listeners, and open those of the saved state."""
    around_action(alb, "CreateListener")(_create)
    around_action(alb, "ModifyListener")(_modify)
    around_action(alb, "DeleteListener")(_delete)
    around_action(alb, "DeleteLoadBalancer")(_delete_balancer)
    around_action(alb, "CreateRule")(_create_rule)
    alb._ACTION_MAP["DescribeCapacityReservation"] = _no_reservation
    around(app, "_load_persisted_state")(_reopen)


def _create(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    if _occupied(params):
        return alb._error("DuplicateListener", "A listener already exists on this port for this load balancer")
    return _opened(original, params)


def _occupied(params: dict[str, Any]) -> bool:
    wanted = (alb._p(params, "LoadBalancerArn"), int(alb._p(params, "Port", "80")))
    return wanted in {(listener["LoadBalancerArn"], listener["Port"]) for listener in alb._listeners.values()}


def _opened(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    """Do what the call asks for on a port that is open already, so that a busy one fails before anything is made."""
    port = int(alb._p(params, "Port", "80"))
    if alb._p(params, "Protocol", "HTTP") != "HTTP":
        return original(params)
    try:
        opened = _bind(port)
    except OSError as fault:
        return alb._error("InvalidConfigurationRequest", _busy(port, fault))
    before = set(alb._listeners)
    answer = original(params)
    made = set(alb._listeners) - before
    if not made:
        opened.close()
    for arn in made:
        _serve(arn, opened)
    return answer


def _busy(port: int, fault: OSError) -> str:
    return (
        f"port {port} of this machine cannot be opened for the load balancer: {fault.strerror}; "
        "stop what uses it or choose another listener port"
    )


def _bind(port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((ADDRESS, port))
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def _serve(arn: str, opened: socket.socket) -> None:
    _sockets[arn] = opened
    _servers[arn] = _wait(asyncio.start_server(_client(arn), sock=opened, backlog=BACKLOG))


def _wait(work: Coroutine[Any, Any, Any]) -> Any:
    return _background.start(work).result()


def _client(arn: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _proxy.serve(arn, reader, writer)

    return serve


def _close(arn: str) -> None:
    server = _servers.pop(arn, None)
    _sockets.pop(arn, None)
    if server:
        _background.loop().call_soon_threadsafe(server.close)


def _modify(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    """Move the socket when the port or the protocol changes."""
    listener = alb._listeners.get(alb._p(params, "ListenerArn")) or {}
    port = int(alb._p(params, "Port") or listener.get("Port", 0))
    protocol = alb._p(params, "Protocol") or listener.get("Protocol", "")
    if not listener or (port, protocol) == (listener["Port"], listener["Protocol"]):
        return original(params)
    return _moved(original, params, port, protocol)


def _moved(original: Callable[..., Any], params: dict[str, Any], port: int, protocol: str) -> Any:
    arn = alb._p(params, "ListenerArn")
    try:
        opened = _bind(port) if protocol == "HTTP" else None
    except OSError as fault:
        return alb._error("InvalidConfigurationRequest", _busy(port, fault))
    _close(arn)
    answer = original(params)
    if opened:
        _serve(arn, opened)
    return answer


def _delete(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    _close(alb._p(params, "ListenerArn"))
    return original(params)


def _delete_balancer(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    arn = alb._p(params, "LoadBalancerArn")
    if alb._lb_attr(arn, "deletion_protection.enabled", "false") == "true":
        return alb._error("OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted: deletion protection")
    for listener in [key for key, value in alb._listeners.items() if value["LoadBalancerArn"] == arn]:
        _close(listener)
        alb._delete_listener({"ListenerArn": [listener]})
    return original(params)


def _create_rule(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    wanted = alb._p(params, "Priority")
    if not wanted:
        return alb._error("ValidationError", "A rule needs a priority")
    listener = alb._p(params, "ListenerArn")
    taken = {rule["Priority"] for rule in alb._rules.values() if rule.get("ListenerArn") == listener}
    if wanted in taken:
        return alb._error("PriorityInUse", f"Priority '{wanted}' is currently in use")
    return original(params)


def _reopen(load: Callable[[], None]) -> None:
    load()
    for (_, _, arn), listener in alb._listeners.all_items():
        if listener["Protocol"] == "HTTP":
            _try_reopen(arn, listener["Port"])


def _try_reopen(arn: str, port: int) -> None:
    try:
        _serve(arn, _bind(port))
    except OSError as fault:
        _log.error("%s", _busy(port, fault))


def _no_reservation(params: dict[str, Any]) -> Any:
    """Answer what the provider asks of every load balancer: nothing is reserved."""
    del params
    return alb._xml(200, "DescribeCapacityReservation", "<CapacityReservationState/>")
