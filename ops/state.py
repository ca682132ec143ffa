"""Terraform's state, read straight from its bucket."""

import json
from typing import Any

from botocore.exceptions import ClientError

from ops.errors import OpsError
from ops.place import Place

ABSENT = {"NoSuchKey", "NoSuchBucket", "404"}


def read(place: Place, stack: str) -> dict[str, Any] | None:
    """The stack's state; None where there is none."""
    return read_object(place, place.state_key(stack))


def read_object(place: Place, key: str) -> dict[str, Any] | None:
    """The JSON under `key` of the state bucket; None where there is none."""
    try:
        answer = place.client("s3").get_object(Bucket=place.config.state.bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return None
        raise
    return json.loads(answer["Body"].read())


def holds_resources(place: Place, stack: str) -> bool:
    """Whether the state names any resource that terraform keeps (data sources do not count)."""
    return bool(managed(read(place, stack)))


def managed(state: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The managed resources in a state that have instances."""
    resources = (state or {}).get("resources", [])
    return [resource for resource in resources if resource["mode"] == "managed" and resource["instances"]]


def addresses(state: dict[str, Any] | None, *, tainted: bool = False) -> list[str]:
    """Addresses of the managed instances in a state, or of the tainted ones only."""
    return [
        _address(resource, instance)
        for resource in managed(state)
        for instance in resource["instances"]
        if not tainted or instance.get("status") == "tainted"
    ]


def instances(resource: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Address and attributes of each instance of a resource in a state."""
    return [(_address(resource, instance), instance["attributes"]) for instance in resource["instances"]]


def outputs(place: Place, stack: str) -> dict[str, Any]:
    """Outputs of an applied stack, by name."""
    found = read(place, stack)
    if found is None:
        msg = f"{stack}: has not been applied yet; run `make apply ENV={place.env}`"
        raise OpsError(msg)
    return {name: output["value"] for name, output in found["outputs"].items()}


def _address(resource: dict[str, Any], instance: dict[str, Any]) -> str:
    key = instance.get("index_key")
    index = "" if key is None else f"[{json.dumps(key)}]"
    return f"{resource['type']}.{resource['name']}{index}"
