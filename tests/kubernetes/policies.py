"""Which connections network policies allow, by the rules of Kubernetes.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

Labels = dict[str, str]


@dataclass(frozen=True)
class Pod:
    """One end of a connection: a pod by its labels and namespace."""

    namespace: str
    labels: Labels = field(default_factory=dict)


@dataclass(frozen=True)
class Policies:
    """The policies of some namespaces."""

    all: list[dict[str, Any]]

    def allow(self, source: Pod | str, target: Pod | str, port: int, protocol: str = "TCP") -> bool:
        """Whether both ends allow the connection; an end that is an address has no policies."""
        leaves = isinstance(source, str) or self._passes(source, target, "Egress", port, protocol)
        enters = isinstance(target, str) or self._passes(target, source, "Ingress", port, protocol)
        return leaves and enters

    def _passes(self, pod: Pod, other: Pod | str, direction: str, port: int, protocol: str) -> bool:
        chosen = [policy for policy in self.all if _selects(policy, pod) and direction in policy["spec"]["policyTypes"]]
        if not chosen:
            return True
        peers = {"Egress": "to", "Ingress": "from"}[direction]
        return any(
            _matches(rule.get(peers), other, policy["metadata"]["namespace"]) and _on(rule, port, protocol)
            for policy in chosen
            for rule in policy["spec"].get(direction.lower(), [])
        )


def _selects(policy: dict[str, Any], pod: Pod) -> bool:
    return policy["metadata"]["namespace"] == pod.namespace and _has(pod.labels, policy["spec"]["podSelector"])


def _has(labels: Labels, selector: dict[str, Any]) -> bool:
    assert set(selector) <= {"matchLabels"}
    return selector.get("matchLabels", {}).items() <= labels.items()


def _on(rule: dict[str, Any], port: int, protocol: str) -> bool:
    ports = rule.get("ports")
    return ports is None or any((each["port"], each["protocol"]) == (port, protocol) for each in ports)


def _matches(peers: list[dict[str, Any]] | None, other: Pod | str, namespace: str) -> bool:
    return peers is None or any(_is(peer, other, namespace) for peer in peers)


def _is(peer: dict[str, Any], other: Pod | str, namespace: str) -> bool:
    if isinstance(other, str):
        return "ipBlock" in peer and ip_address(other) in ip_network(peer["ipBlock"]["cidr"])
    if "ipBlock" in peer:
        return False
    of_namespace = {"kubernetes.io/metadata.name": other.namespace}
    right = (
        _has(of_namespace, peer["namespaceSelector"]) if "namespaceSelector" in peer else other.namespace == namespace
    )
    return right and _has(other.labels, peer.get("podSelector", {}))
