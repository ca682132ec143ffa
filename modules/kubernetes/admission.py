"""What Pod Security `restricted` lets through and Berth does not: no probes, images that move, writable roots."""

from modules.kubernetes.manifest import Manifest, manifest
from modules.kubernetes.namespace import PART_OF

NAME = "berth-pods"
RULES = {
    "every container has a read-only root file system": (
        "variables.containers.all(c, has(c.securityContext) && has(c.securityContext.readOnlyRootFilesystem)"
        " && c.securityContext.readOnlyRootFilesystem)"
    ),
    "every image has a tag other than latest, or a digest": (
        "variables.containers.all(c, c.image.matches('(:[^:/@]+|@sha256:[0-9a-f]{64})$')"
        " && !c.image.endsWith(':latest'))"
    ),
    "every container that goes on running has a liveness and a readiness probe": (
        "variables.ends || object.spec.containers.all(c, has(c.livenessProbe) && has(c.readinessProbe))"
    ),
}
"""Expressions in CEL by what they ask for."""


def admission_objects() -> list[Manifest]:
    """Return the policy, and its binding to all namespaces of Berth's; both belong to the whole cluster."""
    named = {"name": NAME, "labels": {PART_OF: "berth"}}
    policy = {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
            ]
        },
        "variables": [
            {
                "name": "containers",
                "expression": (
                    "object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])"
                ),
            },
            {
                "name": "ends",
                "expression": (
                    "has(object.metadata.labels) && 'batch.kubernetes.io/job-name' in object.metadata.labels"
                ),
            },
        ],
        "validations": [{"expression": expression, "message": message} for message, expression in RULES.items()],
    }
    binding = {
        "policyName": NAME,
        "validationActions": ["Deny"],
        "matchResources": {"namespaceSelector": {"matchLabels": {PART_OF: "berth"}}},
    }
    group = "admissionregistration.k8s.io/v1"
    return [
        manifest(group, "ValidatingAdmissionPolicy", named, spec=policy),
        manifest(group, "ValidatingAdmissionPolicyBinding", named, spec=binding),
    ]
