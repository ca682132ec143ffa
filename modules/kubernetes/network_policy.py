"""Who may talk to whom: nobody, but for what is listed here."""

from typing import Any

from modules.contract import Workload
from modules.kubernetes.deployment import COMPONENT
from modules.kubernetes.manifest import Manifest, manifest, metadata, selector
from modules.kubernetes.placement import Peer, Placement

DNS = 53
NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""Label that every namespace has."""


def network_policy_objects(workload: Workload, placement: Placement) -> list[Manifest]:
    """Return one policy for all of the workload's pods, and one for those that serve."""
    everyone = metadata(workload, placement, component="network")
    serving = metadata(workload, placement, component=COMPONENT, suffix=f"-{COMPONENT}")
    return [
        _policy(everyone, selector(workload), egress=[_dns(), *map(_to, placement.peers)]),
        _policy(serving, selector(workload, COMPONENT), **_serving(workload, placement)),
    ]


def _policy(named: Manifest, pods: dict[str, str], **rules: list[Any]) -> Manifest:
    types = [name.capitalize() for name in sorted(rules)]
    return manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        named,
        spec={"podSelector": {"matchLabels": pods}, "policyTypes": types, **rules},
    )


def _serving(workload: Workload, placement: Placement) -> dict[str, list[Any]]:
    """Readers come in; replicas tell each other which pages to forget."""
    replicas = {"podSelector": {"matchLabels": selector(workload, COMPONENT)}}
    port = [{"port": workload.port, "protocol": "TCP"}]
    callers = [{"namespaceSelector": {"matchLabels": {NAMESPACE_NAME: name}}} for name in placement.callers]
    readers: dict[str, Any] = {"ports": port}
    if callers:
        readers["from"] = [*callers, replicas]
    return {"egress": [{"to": [replicas], "ports": port}], "ingress": [readers]}


def _dns() -> dict[str, Any]:
    system = {"namespaceSelector": {"matchLabels": {NAMESPACE_NAME: "kube-system"}}}
    return {"to": [system], "ports": [{"port": DNS, "protocol": protocol} for protocol in ("TCP", "UDP")]}


def _to(peer: Peer) -> dict[str, Any]:
    target = {"podSelector": {"matchLabels": dict(peer.labels)}} if peer.labels else {"ipBlock": {"cidr": peer.cidr}}
    return {"to": [target], "ports": [{"port": peer.port, "protocol": "TCP"}]}
