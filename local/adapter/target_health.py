"""Probe every target by its group's health check.

MiniStack 1.5.33 answers `healthy` for every registered target and forwards to any of them; it takes two ports of one
address for the same target. Unnecessary once it probes targets, reports `initial`, `unhealthy` and `draining` with
their reason codes, forwards by that state, and knows a target by address and port.

One deviation, for speed: a target that has never answered is tried every second, not every interval; its failures are
still counted once an interval.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

import h11
from ministack import app
from ministack.services import alb

from local.adapter import _background, _targets
from local.adapter._http import Wire
from local.adapter._patching import around, around_action
from local.adapter._targets import Target

TICK_SECONDS = 0.2
FIRST_PROBE_SECONDS = 1.0

listeners: list[Callable[[], None]] = []
"""Called after each change of a target's state."""


def install() -> None:
    """Start the prober after the state is loaded, and answer DescribeTargetHealth from it."""
    around(app, "_load_persisted_state")(_start)
    around_action(alb, "DescribeTargetHealth")(_describe)
    around_action(alb, "RegisterTargets")(_register)
    around_action(alb, "DeregisterTargets")(_deregister)


def _start(load: Callable[[], None]) -> None:
    load()
    _background.start(_watch())


async def _watch() -> None:
    while True:
        now = time.monotonic()
        groups = _targets.groups()
        for target in _targets.refresh():
            if _due(target, groups, now):
                target.probing = True
                asyncio.create_task(_check(target, groups[target.group]))  # noqa: RUF006 -- it marks the target itself
        await asyncio.sleep(TICK_SECONDS)


def _due(target: Target, groups: Mapping[str, Any], now: float) -> bool:
    probed = target.state != _targets.DRAINING and not target.probing and target.group in groups
    return probed and now >= target.next_probe and _targets.in_use(target.group)


async def _check(target: Target, group: Mapping[str, Any]) -> None:
    interval = float(group["HealthCheckIntervalSeconds"])
    started = time.monotonic()
    try:
        fault = await probe(target, group)
    finally:
        target.probing = False
    first = target.state == _targets.INITIAL
    target.next_probe = started + (min(interval, FIRST_PROBE_SECONDS) if first else interval)
    before = target.state
    if fault is None or not first or started >= target.next_count:
        target.next_count = started + interval
        judge(target, group, fault)
    if target.state != before:
        for changed in listeners:
            changed()


async def probe(target: Target, group: Mapping[str, Any]) -> tuple[str, str] | None:
    """Ask the target once; give what is wrong as reason code and text, or None."""
    timeout = float(group["HealthCheckTimeoutSeconds"])
    try:
        async with asyncio.timeout(timeout):
            status = await _ask(target, group)
    except TimeoutError:
        return "Target.Timeout", "Request timed out"
    except (OSError, h11.ProtocolError):
        return "Target.FailedHealthChecks", "Health checks failed"
    if matches(group["Matcher"]["HttpCode"], status):
        return None
    return "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{status}]"


async def _ask(target: Target, group: Mapping[str, Any]) -> int:
    port = group.get("HealthCheckPort", "traffic-port")
    port = target.port if port == "traffic-port" else int(port)
    wire = await Wire.connect(target.host, port)
    headers = [("Host", f"{target.host}:{port}"), ("User-Agent", "ELB-HealthChecker/2.0"), ("Connection", "close")]
    try:
        await wire.send(h11.Request(method="GET", target=group["HealthCheckPath"], headers=headers))
        await wire.send(h11.EndOfMessage())
        while not isinstance(event := await wire.receive(), h11.Response):
            if isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError
        return event.status_code
    finally:
        wire.close()


def matches(codes: str, status: int) -> bool:
    """Tell whether a status is among codes such as `200,300-399`."""
    ranges = (part.partition("-") for part in codes.split(","))
    return any(int(low) <= status <= int(high or low) for low, _, high in ranges)


def judge(target: Target, group: Mapping[str, Any], fault: tuple[str, str] | None) -> None:
    """Count one result; a new target needs one success, any other change takes the group's thresholds."""
    if target.state == _targets.DRAINING:
        return
    if fault is None:
        _success(target, 1 if target.state == _targets.INITIAL else group["HealthyThresholdCount"])
    else:
        _failure(target, group["UnhealthyThresholdCount"], fault)


def _success(target: Target, needed: int) -> None:
    target.successes, target.failures = target.successes + 1, 0
    if target.state != _targets.HEALTHY and target.successes >= needed:
        target.become(_targets.HEALTHY)


def _failure(target: Target, needed: int, fault: tuple[str, str]) -> None:
    target.failures, target.successes = target.failures + 1, 0
    if target.state != _targets.UNHEALTHY and target.failures >= needed:
        target.become(_targets.UNHEALTHY, *fault)
    elif target.state == _targets.UNHEALTHY:
        target.reason, target.description = fault
    elif target.state == _targets.INITIAL:
        target.reason, target.description = "Elb.InitialHealthChecking", "Initial health checks in progress"


def _describe(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    arn = alb._p(params, "TargetGroupArn")
    group = alb._tgs.get(arn)
    if not group or group.get("TargetType") == "lambda":
        return original(params)
    _targets.refresh()
    asked = alb._parse_targets_param(params)
    shown = [_asked(arn, group, target) for target in asked] if asked else _targets.of_group(arn)
    used = _targets.in_use(arn)
    members = "".join(_member(target, group, used=used) for target in shown)
    return alb._xml(200, "DescribeTargetHealth", f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>")


def _asked(arn: str, group: Mapping[str, Any], target: Mapping[str, Any]) -> Target:
    key = (arn, str(target["Id"]), int(target.get("Port", group["Port"])))
    missing = Target(*key, _targets.UNUSED, "Target.NotRegistered", "Target is not registered to the target group")
    return _targets.find(*key) or missing


def _member(target: Target, group: Mapping[str, Any], *, used: bool) -> str:
    state, reason, description = target.state, target.reason, target.description
    if not used:
        description = "Target group is not configured to receive traffic from the load balancer"
        state, reason = _targets.UNUSED, "Target.NotInUse"
    why = f"<Reason>{reason}</Reason><Description>{escape(description)}</Description>" if reason else ""
    port = group.get("HealthCheckPort", "traffic-port")
    return (
        f"<member><Target><Id>{escape(target.host)}</Id><Port>{target.port}</Port></Target>"
        f"<HealthCheckPort>{target.port if port == 'traffic-port' else port}</HealthCheckPort>"
        f"<TargetHealth><State>{state}</State>{why}</TargetHealth></member>"
    )


def _places(group: Mapping[str, Any], targets: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(target["Id"], int(target.get("Port") or group["Port"])) for target in targets]


def _register(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    arn = alb._p(params, "TargetGroupArn")
    group = alb._tgs.get(arn)
    if not group:
        return original(params)
    asked = alb._parse_targets_param(params)
    known = alb._targets.get(arn, [])
    new = dict.fromkeys(place for place in _places(group, asked) if place not in _places(group, known))
    alb._targets[arn] = [*known, *({"Id": identity, "Port": port} for identity, port in new)]
    return alb._empty("RegisterTargets")


def _deregister(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    """Take targets away: one port of an address, or all where the call names none."""
    arn = alb._p(params, "TargetGroupArn")
    group = alb._tgs.get(arn)
    asked = alb._parse_targets_param(params)
    if not group or any("Port" not in target for target in asked):
        return original(params)
    gone = _places(group, asked)
    kept = [target for target in alb._targets.get(arn, []) if _places(group, [target])[0] not in gone]
    alb._targets[arn] = kept
    return alb._empty("DeregisterTargets")
