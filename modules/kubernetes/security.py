"""What Pod Security `restricted` asks of pods and containers, and a root file system that nothing writes to."""

from typing import Any

CONTAINER: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def pod_fields(user: int) -> dict[str, Any]:
    """Return the fields of a pod whose containers run as `user`, and have no business with the API server."""
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": user,
            "runAsGroup": user,
            "fsGroup": user,
            # a walk through all files at every start would take minutes
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
