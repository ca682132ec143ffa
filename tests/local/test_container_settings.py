from docker.types import Ulimit

from local.adapter.container_settings import health_check, published, run_settings


def test_every_setting_is_translated() -> None:
    """Each claim of a container definition becomes the argument of docker-py that means the same."""
    definition = {
        "user": "10001:10001",
        "workingDirectory": "/srv",
        "hostname": "wiki",
        "entryPoint": ["/init"],
        "readonlyRootFilesystem": True,
        "linuxParameters": {
            "initProcessEnabled": True,
            "capabilities": {"drop": ["ALL"]},
            "tmpfs": [{"containerPath": "/run", "size": 8, "mountOptions": ["noexec", "mode=1777"]}],
        },
        "dockerSecurityOptions": ["no-new-privileges"],
        "healthCheck": {"command": ["CMD", "/health"]},
        "ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}],
        "systemControls": [{"namespace": "net.core.somaxconn", "value": "1024"}],
        "cpu": 256,
        "memory": 512,
        "memoryReservation": 128,
    }
    assert run_settings(definition, {}) == {
        "user": "10001:10001",
        "working_dir": "/srv",
        "hostname": "wiki",
        "entrypoint": ["/init"],
        "read_only": True,
        "init": True,
        "cap_drop": ["ALL"],
        "tmpfs": {"/run": "size=8m,noexec,mode=1777"},
        "security_opt": ["no-new-privileges"],
        "healthcheck": health_check({"command": ["CMD", "/health"]}),
        "ulimits": [Ulimit(name="nofile", soft=1, hard=2)],
        "sysctls": {"net.core.somaxconn": "1024"},
        "cpu_shares": 256,
        "mem_limit": 512 << 20,
        "memswap_limit": 512 << 20,
        "mem_reservation": 128 << 20,
    }


def test_what_is_not_claimed_is_not_said() -> None:
    """A definition without settings leaves Docker's defaults, but no health check of the image."""
    nothing = {"cpu": 0, "linuxParameters": {"capabilities": {}}, "ulimits": []}
    assert run_settings(nothing, {}) == {"healthcheck": {"test": ["NONE"]}}


def test_the_task_limits_its_containers() -> None:
    """Fargate's memory and CPU of the task hold where a container names none."""
    settings = run_settings({"cpu": 0}, {"cpu": "512", "memory": "1024"})
    limits = {name: settings[name] for name in ("cpu_shares", "mem_limit", "memswap_limit")}
    assert limits == {"cpu_shares": 512, "mem_limit": 1 << 30, "memswap_limit": 1 << 30}


def test_health_checks_have_the_defaults_of_ecs() -> None:
    """Seconds become nanoseconds, and what is left out is ECS's default, not Docker's."""
    assert health_check({"command": ["CMD", "/health"]}) == {
        "test": ["CMD", "/health"],
        "interval": 30_000_000_000,
        "timeout": 5_000_000_000,
        "retries": 3,
        "start_period": 0,
    }


def test_ports_are_published_on_loopback_only() -> None:
    """A fixed host port is bound to 127.0.0.1, a dynamic one not at all."""
    assert published({"8080/tcp": 8080, "9000/tcp": 0, "9001/tcp": None}) == {"8080/tcp": ("127.0.0.1", 8080)}
