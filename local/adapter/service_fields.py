"""Keep the settings of a service that MiniStack drops.

MiniStack 1.5.33 loses availabilityZoneRebalancing (a difference at every plan), placement and service connect, answers
an empty networkConfiguration, over which the provider crashes, and starts no deployment when the network changes.
Unnecessary once it keeps every field of CreateService and UpdateService.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import ecs

from local.adapter import _service
from local.adapter._patching import around_action

Record = dict[str, Any]

_DEFAULTS: Record = {
    "availabilityZoneRebalancing": "DISABLED",
    "placementConstraints": [],
    "placementStrategy": [],
}
_KEPT = (*_DEFAULTS, "propagateTags", "enableECSManagedTags", "serviceRegistries")
# A change of one of these takes new tasks to come into force.
_ROLLED_OUT = ("networkConfiguration", "loadBalancers", "platformVersion", "enableExecuteCommand", "serviceRegistries")


def install() -> None:
    """Keep them at both calls."""
    around_action(ecs, "CreateService")(_create)
    around_action(ecs, "UpdateService")(_update)


def _create(original: Callable[..., Any], data: Record) -> Any:
    return _kept(original, {**_DEFAULTS, **data})


def _update(original: Callable[..., Any], data: Record) -> Any:
    service = _service.find(data) or {}
    if any(name in data and data[name] != service.get(name) for name in _ROLLED_OUT):
        data = {**data, "forceNewDeployment": True}
    return _kept(original, data)


def _kept(original: Callable[..., Any], data: Record) -> Any:
    status, headers, body = original(data)
    service = _service.find({"service": data.get("serviceName"), **data})
    if status >= 400 or not service:  # noqa: PLR2004 -- HTTP
        return status, headers, body
    service |= {name: data[name] for name in _KEPT if name in data}
    if not service.get("networkConfiguration"):
        service.pop("networkConfiguration", None)
    return ecs.json_response({"service": ecs._sanitize(service)})
