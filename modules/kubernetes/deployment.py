"""The pods that serve a workload, and the settings they read."""

from typing import Any

from modules.contract import Workload
from modules.kubernetes.container import container, pod, secret_files, secret_names
from modules.kubernetes.manifest import Manifest, digest, labels, manifest, metadata, selector
from modules.kubernetes.placement import Placement

COMPONENT = "serve"
PORT_NAME = "http"
DRAIN_SECONDS = 5
"""Time for the cluster to forget the address of a pod that is asked to end."""
GRACE_SECONDS = 5
PROGRESS_SECONDS = 600
START_SECONDS = 300
"""How long a pod may wait for its database and its schema before it is started anew."""
PERIOD_SECONDS = 5
SPREAD = ("kubernetes.io/hostname", "topology.kubernetes.io/zone")


def deployment_objects(workload: Workload, placement: Placement) -> list[Manifest]:
    """Return the settings and the Deployment; changed settings or Secrets replace the pods."""
    settings = dict(workload.serve.env) | secret_files(workload.serve)
    return [
        manifest("v1", "ConfigMap", metadata(workload, placement, component=COMPONENT), data=settings),
        manifest(
            "apps/v1",
            "Deployment",
            metadata(workload, placement, component=COMPONENT),
            spec=_spec(workload, placement, settings),
        ),
    ]


def _spec(workload: Workload, placement: Placement, settings: dict[str, str]) -> dict[str, Any]:
    found = {
        "progressDeadlineSeconds": PROGRESS_SECONDS,
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": selector(workload, COMPONENT)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "template": {
            "metadata": {
                "labels": labels(workload, placement, COMPONENT),
                "annotations": _checksums(workload, placement, settings),
            },
            "spec": _pod(workload, placement),
        },
    }
    if placement.scale.min == placement.scale.max:
        # otherwise the number is the autoscaler's, and must not be set back by whoever applies this
        found["replicas"] = placement.scale.min
    return found


def _checksums(workload: Workload, placement: Placement, settings: dict[str, str]) -> dict[str, str]:
    versions = {name: placement.secret_versions.get(name, "") for name in secret_names(workload.serve)}
    return {"berth.io/settings": digest(settings), "berth.io/secrets": digest(versions)}


def _pod(workload: Workload, placement: Placement) -> dict[str, Any]:
    serving = container(workload, workload.serve) | {
        "envFrom": [{"configMapRef": {"name": workload.name}}],
        "lifecycle": {"preStop": {"exec": {"command": ["sleep", str(DRAIN_SECONDS)]}}},
        "livenessProbe": _probe(workload.live_path, failures=6),
        "ports": [{"name": PORT_NAME, "containerPort": workload.port, "protocol": "TCP"}],
        "readinessProbe": _probe(workload.ready_path, failures=3),
        "startupProbe": _probe(workload.live_path, failures=START_SECONDS // PERIOD_SECONDS),
    }
    return {
        **pod(workload, workload.serve, serving, pull_secret=placement.pull_secret),
        "terminationGracePeriodSeconds": DRAIN_SECONDS + workload.stop_timeout + GRACE_SECONDS,
        "topologySpreadConstraints": [
            {
                "labelSelector": {"matchLabels": selector(workload, COMPONENT)},
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
            }
            for key in SPREAD
        ],
    }


def _probe(path: str, *, failures: int) -> dict[str, Any]:
    return {
        "failureThreshold": failures,
        "httpGet": {"path": path, "port": PORT_NAME},
        "periodSeconds": PERIOD_SECONDS,
        "timeoutSeconds": 5,
    }
