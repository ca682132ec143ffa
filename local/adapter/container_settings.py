"""Hand the settings of a container definition on to Docker.

MiniStack 1.5.33 reads environment, command, ports, host folders, privileged and added capabilities only. Unnecessary
once `ecs._build_run_kwargs` gives user, readonlyRootFilesystem, memory, linuxParameters, entryPoint, healthCheck,
ulimits, stopTimeout and dockerSecurityOptions to Docker.
"""

from typing import Any

from docker.types import Ulimit
from ministack.services import ecs

from local import naming
from local.adapter._patching import Function, around

Settings = dict[str, Any]

DEFAULT_STOP_SECONDS = 30
STOP_LABEL = "berth.stop-timeout"
_MIB = 1024 * 1024
_NANOSECONDS = 1_000_000_000


def install() -> None:
    """Extend what MiniStack gives to `docker run`."""
    around(ecs, "_build_run_kwargs")(_extended)


def _extended(original: Function, cdef: Settings, td: Settings, env: Settings, ports: Settings, *rest: Any) -> Settings:
    _, host_mode, task_id, *_ = rest
    port = naming.current_port()
    kwargs = original(cdef, td, env, published(ports), *rest)
    kwargs |= run_settings(cdef, td)
    kwargs["labels"] |= {STOP_LABEL: str(cdef.get("stopTimeout", DEFAULT_STOP_SECONDS))}
    kwargs["name"] = naming.owned(port, f"{task_id[:8]}-{cdef['name']}")
    if not host_mode:
        kwargs["network"] = naming.network(port)
        kwargs.pop("extra_hosts", None)
    return kwargs


def published(ports: Settings) -> Settings:
    """Publish on loopback only, and only where the definition fixes the host's port."""
    return {container: ("127.0.0.1", host) for container, host in ports.items() if host}


def run_settings(cdef: Settings, td: Settings) -> Settings:
    """Translate a container definition into the arguments of docker-py's `run`."""
    linux = cdef.get("linuxParameters") or {}
    settings = {
        "user": cdef.get("user"),
        "working_dir": cdef.get("workingDirectory"),
        "hostname": cdef.get("hostname"),
        "entrypoint": cdef.get("entryPoint"),
        "read_only": cdef.get("readonlyRootFilesystem"),
        "init": linux.get("initProcessEnabled"),
        "cap_drop": (linux.get("capabilities") or {}).get("drop"),
        "tmpfs": _tmpfs(linux.get("tmpfs") or []),
        "security_opt": cdef.get("dockerSecurityOptions"),
        "healthcheck": health_check(cdef.get("healthCheck") or {}),
        "ulimits": [_ulimit(limit) for limit in cdef.get("ulimits") or []],
        "sysctls": {entry["namespace"]: entry["value"] for entry in cdef.get("systemControls") or []},
        # The share of a busy machine, as on EC2: Fargate's hard limit would only make a laptop slow.
        "cpu_shares": int(cdef.get("cpu") or td.get("cpu") or 0),
    }
    return {name: value for name, value in (settings | _memory(cdef, td)).items() if value}


def _memory(cdef: Settings, td: Settings) -> Settings:
    limit = int(cdef.get("memory") or td.get("memory") or 0) * _MIB
    # Equal limits mean no swap, as on ECS.
    return {
        "mem_limit": limit,
        "memswap_limit": limit,
        "mem_reservation": int(cdef.get("memoryReservation") or 0) * _MIB,
    }


def _tmpfs(mounts: list[Settings]) -> dict[str, str]:
    return {
        mount["containerPath"]: ",".join([f"size={mount['size']}m", *(mount.get("mountOptions") or [])])
        for mount in mounts
    }


def _ulimit(limit: Settings) -> Ulimit:
    return Ulimit(name=limit["name"], soft=limit["softLimit"], hard=limit["hardLimit"])


def health_check(check: Settings) -> Settings:
    """Translate a container's health check; ECS counts seconds, Docker nanoseconds."""
    if not check:
        # ECS knows no check that is built into an image.
        return {"test": ["NONE"]}
    return {
        "test": check["command"],
        "interval": check.get("interval", 30) * _NANOSECONDS,
        "timeout": check.get("timeout", 5) * _NANOSECONDS,
        "retries": check.get("retries", 3),
        "start_period": check.get("startPeriod", 0) * _NANOSECONDS,
    }
