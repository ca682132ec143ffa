"""Keep the settings of an Auto Scaling group, and protect its instances.

MiniStack 1.5.33 knows no SetInstanceProtection (without which a protected group cannot be destroyed) and no metrics
collection, drops some settings at creation and most of them at an update. Unnecessary once it has them.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import autoscaling

from local.adapter._patching import around_action
from local.adapter._query import elements, nested

Record = dict[str, Any]

# Settings that MiniStack does not store.
_KEPT = ("CapacityRebalance", "DefaultInstanceWarmup", "MaxInstanceLifetime", "Context", "InstanceMaintenancePolicy")
# Settings that it stores at creation and forgets at an update.
_UPDATED = ("TerminationPolicies", "AvailabilityZones", "ServiceLinkedRoleARN")
_METRICS = "_Metrics"
_GRANULARITY = "1Minute"


def install() -> None:
    """Add the calls, and what the others forget."""
    around_action(autoscaling, "CreateAutoScalingGroup")(_create)
    around_action(autoscaling, "UpdateAutoScalingGroup")(_update)
    around_action(autoscaling, "DescribeAutoScalingGroups")(_describe)
    autoscaling._ACTION_MAP |= {
        "SetInstanceProtection": _protect,
        "EnableMetricsCollection": _collect,
        "DisableMetricsCollection": _stop_collecting,
    }


def _group(params: Record) -> Record | None:
    return autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))


def _create(original: Callable[..., Any], params: Record) -> Any:
    answer = original(params)
    if group := _group(params):
        _keep(group, params)
    return answer


def _keep(group: Record, params: Record) -> None:
    group |= {name: value for name in _KEPT if (value := nested(params, name))}


def _update(original: Callable[..., Any], params: Record) -> Any:
    if group := _group(params):
        _keep(group, params)
        group |= {name: value for name in _UPDATED if (value := nested(params, name))}
        if template := nested(params, "LaunchTemplate"):
            group["LaunchTemplate"] = {**group.get("LaunchTemplate", {}), **template}
        if protected := autoscaling._p(params, "NewInstancesProtectedFromScaleIn"):
            group["NewInstancesProtectedFromScaleIn"] = protected == "true"
    return original(params)


def _describe(original: Callable[..., Any], params: Record) -> Any:
    status, headers, body = original(params)
    text = body.decode()
    for name, group in autoscaling._asgs.items():
        mark = f"<member><AutoScalingGroupName>{name}</AutoScalingGroupName>"
        text = text.replace(mark, mark + elements(_more(group)), 1)
    return status, headers, text.encode()


def _more(group: Record) -> Record:
    metrics = [{"Metric": metric, "Granularity": _GRANULARITY} for metric in group.get(_METRICS, [])]
    return {**{name: group.get(name) for name in _KEPT}, "EnabledMetrics": metrics}


def _protect(params: Record) -> Any:
    group = _group(params)
    if not group:
        return autoscaling._error("ValidationError", "AutoScalingGroup name not found")
    wanted = nested(params, "InstanceIds")
    for instance in group["Instances"]:
        if instance["InstanceId"] in wanted:
            instance["ProtectedFromScaleIn"] = autoscaling._p(params, "ProtectedFromScaleIn") == "true"
    return _done("SetInstanceProtection")


def _collect(params: Record) -> Any:
    group = _group(params)
    if group:
        group[_METRICS] = sorted({*group.get(_METRICS, []), *nested(params, "Metrics")})
    return _done("EnableMetricsCollection")


def _stop_collecting(params: Record) -> Any:
    group = _group(params)
    if group:
        gone = nested(params, "Metrics") or group.get(_METRICS, [])
        group[_METRICS] = [metric for metric in group.get(_METRICS, []) if metric not in gone]
    return _done("DisableMetricsCollection")


def _done(action: str) -> Any:
    return autoscaling._xml(200, f"{action}Response", f"<{action}Result/>")
