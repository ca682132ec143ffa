"""The container definition of a task, in ECS's words: pure data, no provider."""

from typing import Any

from modules.contract import Job, SecretKey, SecretReference, Workload


def volume_name(path: str) -> str:
    """Return the volume name of a writable folder or mount: `/run/berth` becomes `run-berth`."""
    return path.strip("/").replace("/", "-")


def container_definition(workload: Workload, job: Job, *, log_group: str, region: str) -> dict[str, Any]:
    """Return the one container of a task that does `job`.

    It runs unprivileged, with a read-only root, no capabilities, and its secrets by reference.
    """
    definition = {
        "name": job.name,
        "image": workload.image,
        "essential": True,
        "cpu": workload.cpu,
        "memory": workload.memory_mib,
        "user": f"{workload.user}:{workload.user}",
        "privileged": False,
        "readonlyRootFilesystem": True,
        "linuxParameters": {"capabilities": {"add": [], "drop": ["ALL"]}},
        "stopTimeout": workload.stop_timeout,
        "environment": [{"name": key, "value": value} for key, value in sorted(job.env.items())],
        "secrets": [{"name": key, "valueFrom": _reference(value)} for key, value in sorted(job.secrets.items())],
        "mountPoints": _mount_points(workload, job),
        "portMappings": [],
        "systemControls": [],
        "volumesFrom": [],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": log_group,
                "awslogs-region": region,
                "awslogs-stream-prefix": job.name,
            },
        },
    }
    if job.arguments:
        definition["command"] = list(job.arguments)
    if job.name == "serve":
        definition["portMappings"] = [{"containerPort": workload.port, "hostPort": workload.port, "protocol": "tcp"}]
        if workload.live_command:
            definition["healthCheck"] = _health_check(workload)
    return definition


def _reference(secret: SecretReference) -> str:
    if not isinstance(secret, SecretKey):
        msg = f"ECS takes secrets from Secrets Manager alone, got {secret}"
        raise TypeError(msg)
    # <arn>:<key of the JSON object>:<version stage>:<version id>, the last two left to their defaults
    return f"{secret.arn}:{secret.key}::"


def _mount_points(workload: Workload, job: Job) -> list[dict[str, Any]]:
    paths = [*workload.writable, *(mount.path for mount in job.mounts)]
    return [{"sourceVolume": volume_name(path), "containerPath": path, "readOnly": False} for path in paths]


def _health_check(workload: Workload) -> dict[str, Any]:
    return {
        "command": ["CMD", *workload.live_command],
        "interval": 10,
        "timeout": 5,
        "retries": 3,
        "startPeriod": workload.start_period,
    }
