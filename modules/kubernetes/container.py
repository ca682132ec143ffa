"""The one container of a pod: unprivileged, with a read-only root, and its secrets as files."""

from typing import Any

from modules.contract import Claim, Job, KubernetesSecretKey, Workload
from modules.kubernetes.security import CONTAINER, pod_fields

SECRETS = "/etc/berth/secrets"
"""Folder of the mounted secrets, one file each."""

CPU_UNITS = 1024
"""CPU units of one core, as on ECS."""

Fields = dict[str, Any]


def container(workload: Workload, job: Job) -> Fields:
    """Return the container that does `job`; settings are added by the caller."""
    found: Fields = {
        "name": job.name,
        "image": workload.image,
        "imagePullPolicy": "IfNotPresent",
        "resources": _resources(workload),
        "securityContext": CONTAINER,
        "volumeMounts": _volume_mounts(workload, job),
    }
    if job.arguments:
        found["args"] = list(job.arguments)
    return found


def pod(workload: Workload, job: Job, container: Fields, *, pull_secret: str | None) -> Fields:
    """Return a pod with its container and its volumes."""
    found: Fields = {
        **pod_fields(workload.user),
        "containers": [container],
        "serviceAccountName": workload.name,
        "volumes": _volumes(workload, job),
    }
    if pull_secret:
        found["imagePullSecrets"] = [{"name": pull_secret}]
    return found


def secret_names(job: Job) -> list[str]:
    """Return the names of the Secrets that a job's keys are in."""
    return sorted({reference.name for reference in references(job).values()})


def references(job: Job) -> dict[str, KubernetesSecretKey]:
    """Return where a job's secrets are; TypeError for what is not in the cluster."""
    found = {name: ref for name, ref in job.secrets.items() if isinstance(ref, KubernetesSecretKey)}
    if len(found) != len(job.secrets):
        msg = f"Kubernetes takes secrets from Secrets of the namespace alone, got {job.secrets}"
        raise TypeError(msg)
    return found


def secret_files(job: Job) -> dict[str, str]:
    """Return the settings that tell the image in which files its secrets are."""
    return {f"{name}_FILE": f"{SECRETS}/{name}" for name in references(job)}


def _resources(workload: Workload) -> Fields:
    memory = f"{workload.memory_mib}Mi"
    # no limit of CPU: who may use what others leave idle is served sooner
    return {
        "requests": {"cpu": _cores(workload.cpu), "memory": memory},
        "limits": {"memory": memory},
    }


def _cores(units: int) -> str:
    """Write CPU units as the API server would: 512 is 500m, 1024 is 1."""
    thousandths = units * 1000 // CPU_UNITS
    return str(thousandths // 1000) if thousandths % 1000 == 0 else f"{thousandths}m"


def _volume_mounts(workload: Workload, job: Job) -> list[Fields]:
    mounts: list[Fields] = [{"name": _volume_name(path), "mountPath": path} for path in workload.writable]
    mounts += [
        {"name": _volume_name(claim.path), "mountPath": claim.path} for claim in job.mounts_of(Claim, "Kubernetes")
    ]
    if job.secrets:
        mounts.append({"name": "secrets", "mountPath": SECRETS, "readOnly": True})
    return mounts


def _volumes(workload: Workload, job: Job) -> list[Fields]:
    volumes: list[Fields] = [{"name": _volume_name(path), "emptyDir": _scratch(path)} for path in workload.writable]
    volumes += [
        {"name": _volume_name(claim.path), "persistentVolumeClaim": {"claimName": claim.name}}
        for claim in job.mounts_of(Claim, "Kubernetes")
    ]
    if job.secrets:
        volumes.append({"name": "secrets", "projected": {"defaultMode": 0o440, "sources": _sources(job)}})
    return volumes


def _scratch(path: str) -> Fields:
    """Sockets and secrets stay in memory."""
    return {"medium": "Memory", "sizeLimit": "64Mi"} if path.startswith("/run/") else {}


def _sources(job: Job) -> list[Fields]:
    keys = references(job)
    return [
        {
            "secret": {
                "name": secret,
                "items": [{"key": ref.key, "path": name} for name, ref in sorted(keys.items()) if ref.name == secret],
            }
        }
        for secret in secret_names(job)
    ]


def _volume_name(path: str) -> str:
    return path.strip("/").replace("/", "-")
