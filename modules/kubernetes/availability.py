"""How many pods there are, and how many may be missing at a time."""

from collections.abc import Iterator

from modules.contract import Workload
from modules.kubernetes.deployment import COMPONENT
from modules.kubernetes.manifest import Manifest, manifest, metadata, selector
from modules.kubernetes.placement import Placement

CALM_SECONDS = 300
"""How long less must have been enough before a pod is taken away."""


def availability_objects(workload: Workload, placement: Placement) -> Iterator[Manifest]:
    """Yield the disruption budget, and the autoscaler where the number of pods may change."""
    yield manifest(
        "policy/v1",
        "PodDisruptionBudget",
        metadata(workload, placement, component=COMPONENT),
        spec={
            "maxUnavailable": 1,
            "selector": {"matchLabels": selector(workload, COMPONENT)},
            # a pod that does not work protects nobody
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    )
    if placement.scale.min < placement.scale.max:
        yield _autoscaler(workload, placement)


def _autoscaler(workload: Workload, placement: Placement) -> Manifest:
    target = {"type": "Utilization", "averageUtilization": placement.scale.cpu_percent}
    return manifest(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        metadata(workload, placement, component=COMPONENT),
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
            "minReplicas": placement.scale.min,
            "maxReplicas": placement.scale.max,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": CALM_SECONDS}},
        },
    )
