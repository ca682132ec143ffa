"""Application Auto Scaling for ECS services.

MiniStack 1.5.33 has none. Unnecessary once it keeps targets, policies and scheduled actions and scales ECS services.
This module speaks the API and keeps the records; `_tracking` does the scaling. Scheduled actions and step policies
are kept, not run.
"""

import copy
import importlib
import json
import threading
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core import router
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid, now_epoch
from ministack.services import ecs

NAME = "application_autoscaling"
SERVICE = "application-autoscaling"
_ECS_DIMENSION = "ecs:service:DesiredCount"
_INTERNAL = "_"

targets = AccountRegionScopedDict()
policies = AccountRegionScopedDict()
scheduled = AccountRegionScopedDict()
activities = AccountRegionScopedDict()
tags = AccountRegionScopedDict()
changed = threading.Event()
"""Set when a target is registered: its service is looked at right away."""

_STORES = {"targets": targets, "policies": policies, "scheduled": scheduled, "activities": activities, "tags": tags}

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


class RefusedError(Exception):
    """A call that is answered with an error."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def install() -> None:
    """Make it a service like the others: routed, saved and loaded; and let it scale."""
    app.SERVICE_REGISTRY[SERVICE] = {"module": NAME}
    app.SERVICE_HANDLERS[SERVICE] = handle_request
    app._state_map[NAME] = NAME
    app._loaded_modules[NAME] = importlib.import_module(__name__)
    router.SERVICE_PATTERNS[SERVICE] = {"target_prefixes": ["AnyScaleFrontendService"]}
    importlib.import_module("local.adapter._tracking").install()


def get_state() -> Record:
    """Give what is saved."""
    return copy.deepcopy(_STORES)


def load_persisted_state(data: Record) -> None:
    """Take back what was saved."""
    for name, store in _STORES.items():
        store.update(data.get(name, {}))


def reset() -> None:
    """Forget everything."""
    for store in _STORES.values():
        store.clear()


async def handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Record) -> Answer:
    """Answer one call."""
    del method, path, query_params
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action not in _ACTIONS:
        return _answer(400, {"__type": "UnknownOperationException", "message": f"Unknown action: {action}"})
    try:
        return _answer(200, _ACTIONS[action](json.loads(body or b"{}")))
    except RefusedError as fault:
        return _answer(400, {"__type": fault.kind, "message": str(fault)})


def _answer(status: int, body: Record) -> Answer:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()


def _place(data: Record) -> tuple[str, str, str]:
    return data["ServiceNamespace"], data["ResourceId"], data["ScalableDimension"]


def _named(data: Record, field: str) -> tuple[str, ...]:
    return *_place(data), data[field]


def service_of(resource: str) -> tuple[str, Record] | None:
    """Find cluster and record of the service that `service/<cluster>/<name>` names."""
    _, cluster, name = resource.split("/")
    record = ecs._services.get(f"{cluster}/{name}")
    return (cluster, record) if record and record["status"] == "ACTIVE" else None


def _register(data: Record) -> Record:
    key = _place(data)
    if data["ScalableDimension"] == _ECS_DIMENSION and not service_of(data["ResourceId"]):
        raise RefusedError("ValidationException", f"ECS service doesn't exist: {data['ResourceId']}")
    target = targets.get(key) or _new_target(data)
    target.update({field: value for field, value in data.items() if field not in ("Tags", "RoleARN")})
    if target["MinCapacity"] > target["MaxCapacity"]:
        raise RefusedError("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    targets[key] = target
    tags.setdefault(target["ScalableTargetARN"], {}).update(data.get("Tags", {}))
    changed.set()
    return {"ScalableTargetARN": target["ScalableTargetARN"]}


def _new_target(data: Record) -> Record:
    if "MinCapacity" not in data or "MaxCapacity" not in data:
        raise RefusedError("ValidationException", "A new scalable target needs a minimum and a maximum capacity")
    account = get_account_id()
    role = (
        "aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
    )
    return {
        "ScalableTargetARN": _arn("scalable-target", new_uuid().replace("-", "")[:20]),
        "RoleARN": f"arn:aws:iam::{account}:role/{role}",
        "CreationTime": now_epoch(),
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
    }


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:{kind}/{name}"


def _deregister(data: Record) -> Record:
    key = _place(data)
    target = targets.pop(key, None)
    if target is None:
        raise RefusedError("ObjectNotFoundException", f"No scalable target found for {'/'.join(key)}")
    tags.pop(target["ScalableTargetARN"], None)
    for store in (policies, scheduled):
        for owned in [name for name in store if name[: len(key)] == key]:
            store.pop(owned)
    return {}


def _put_policy(data: Record) -> Record:
    key = _named(data, "PolicyName")
    _known_target(data)
    name = f"{new_uuid()}:resource/ecs/{data['ResourceId']}:policyName/{data['PolicyName']}"
    fresh = {
        "PolicyARN": f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scalingPolicy:{name}",
        "CreationTime": now_epoch(),
        "PolicyType": "StepScaling",
    }
    policies[key] = {**fresh, **(policies.get(key) or {}), **data, "Alarms": []}
    return {"PolicyARN": policies[key]["PolicyARN"], "Alarms": []}


def _known_target(data: Record) -> None:
    if _place(data) not in targets:
        raise RefusedError("ObjectNotFoundException", f"No scalable target registered for {'/'.join(_place(data))}")


def _put_scheduled(data: Record) -> Record:
    key = _named(data, "ScheduledActionName")
    _known_target(data)
    name = f"{new_uuid()}:resource/ecs/{data['ResourceId']}:scheduledActionName/{data['ScheduledActionName']}"
    arn = f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scheduledAction:{name}"
    fresh = {"ScheduledActionARN": arn, "CreationTime": now_epoch(), "Timezone": "UTC"}
    scheduled[key] = {**fresh, **(scheduled.get(key) or {}), **data}
    return {}


def _delete(store: AccountRegionScopedDict, field: str) -> Callable[[Record], Record]:
    def delete(data: Record) -> Record:
        if store.pop(_named(data, field), None) is None:
            raise RefusedError("ObjectNotFoundException", f"Nothing found by the name {data[field]}")
        return {}

    return delete


def _describe(
    store: AccountRegionScopedDict, answer: str, names: str = "", name: str = ""
) -> Callable[[Record], Record]:
    def describe(data: Record) -> Record:
        wanted = {
            field: data[field] for field in ("ServiceNamespace", "ResourceId", "ScalableDimension") if field in data
        }
        found = [record for record in store.values() if wanted.items() <= record.items()]
        if data.get("ResourceIds"):
            found = [record for record in found if record["ResourceId"] in data["ResourceIds"]]
        if names and data.get(names):
            found = [record for record in found if record[name] in data[names]]
        return {answer: [_public(record) for record in found]}

    return describe


def _public(record: Record) -> Record:
    return {field: value for field, value in record.items() if not field.startswith(_INTERNAL)}


def _tags_of(data: Record) -> Record:
    found = tags.get(data["ResourceARN"])
    if found is None:
        raise RefusedError("ResourceNotFoundException", f"The resource {data['ResourceARN']} wasn't found")
    return found


def _tag(data: Record) -> Record:
    _tags_of(data).update(data["Tags"])
    return {}


def _untag(data: Record) -> Record:
    for key in data["TagKeys"]:
        _tags_of(data).pop(key, None)
    return {}


def note(target: Record, before: int, after: int, cause: str) -> None:
    """Remember a change of capacity as an activity."""
    identity = new_uuid()
    moment = now_epoch()
    activities[identity] = {
        "ActivityId": identity,
        **{field: target[field] for field in ("ServiceNamespace", "ResourceId", "ScalableDimension")},
        "Description": f"Setting desired count to {after} (was {before}).",
        "Cause": cause,
        "StartTime": moment,
        "EndTime": moment,
        "StatusCode": "Successful",
    }


_ACTIONS: dict[str, Callable[[Record], Record]] = {
    "RegisterScalableTarget": _register,
    "DescribeScalableTargets": _describe(targets, "ScalableTargets"),
    "DeregisterScalableTarget": _deregister,
    "PutScalingPolicy": _put_policy,
    "DescribeScalingPolicies": _describe(policies, "ScalingPolicies", "PolicyNames", "PolicyName"),
    "DeleteScalingPolicy": _delete(policies, "PolicyName"),
    "PutScheduledAction": _put_scheduled,
    "DescribeScheduledActions": _describe(scheduled, "ScheduledActions", "ScheduledActionNames", "ScheduledActionName"),
    "DeleteScheduledAction": _delete(scheduled, "ScheduledActionName"),
    "DescribeScalingActivities": _describe(activities, "ScalingActivities"),
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": lambda data: {"Tags": _tags_of(data)},
}
