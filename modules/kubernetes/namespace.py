"""The namespace of an environment, in which nothing runs privileged and nobody talks to anybody unasked."""

from modules.kubernetes.manifest import Manifest, manifest

PART_OF = "app.kubernetes.io/part-of"


def namespace_objects(name: str) -> list[Manifest]:
    """Return the namespace, with Pod Security `restricted`, and the policy that denies what no other allows."""
    levels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")}
    return [
        manifest("v1", "Namespace", {"name": name, "labels": {PART_OF: "berth", **levels}}),
        manifest(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            {"name": "default-deny", "namespace": name, "labels": {PART_OF: "berth"}},
            spec={"podSelector": {}, "policyTypes": ["Egress", "Ingress"]},
        ),
    ]
