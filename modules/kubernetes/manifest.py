"""What every object has: kind, name, namespace and the recommended labels."""

import hashlib
import json
from typing import Any

from modules.contract import Workload
from modules.kubernetes.placement import Placement

Manifest = dict[str, Any]

HASH_LETTERS = 10


def manifest(api_version: str, kind: str, metadata: Manifest, **fields: object) -> Manifest:
    """Return an object; there are no nulls in it, as the API server would not keep them."""
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}


def metadata(workload: Workload, placement: Placement, *, component: str, suffix: str = "") -> Manifest:
    """Return name, namespace and labels of one of the workload's objects."""
    return {
        "name": f"{workload.name}{suffix}",
        "namespace": placement.namespace,
        "labels": labels(workload, placement, component),
    }


def labels(workload: Workload, placement: Placement, component: str) -> dict[str, str]:
    """Return the labels that Kubernetes recommends.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    """
    return {
        "app.kubernetes.io/name": placement.app,
        **selector(workload, component),
        "app.kubernetes.io/part-of": "berth",
        "app.kubernetes.io/managed-by": placement.manager,
    }


def selector(workload: Workload, component: str | None = None) -> dict[str, str]:
    """Return the labels that tell a workload's pods, or those of one component, from all others."""
    found = {"app.kubernetes.io/instance": workload.name}
    return found | ({"app.kubernetes.io/component": component} if component else {})


def digest(content: object) -> str:
    """Return a short hash of data; the same data have the same one."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LETTERS]
