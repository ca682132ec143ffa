"""A settings change that reaches every stack and must replace nothing."""

from typing import Any

import yaml

from ops.status import stack_names
from tests.create_all.conftest import Created


def nothing_to_change(copy: Created) -> None:
    """Assert that the plan of every stack is empty."""
    done = copy.make("plan")
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.splitlines()) == sorted(
        f"{stack}: nothing to change" for stack in stack_names(copy.place.config)
    ), done.stdout


def update_in_place(copy: Created) -> None:
    """Change numbers in the settings, apply the plan that was shown; assert that it replaced and left nothing."""
    nothing_to_change(copy)
    before = _identities(copy)
    path = copy.environments / "local.yaml"
    path.write_text(yaml.safe_dump(_changed(yaml.safe_load(path.read_text()))))
    planned = copy.make("plan")
    assert planned.returncode == 0, planned.stderr
    assert "to change, 0 to destroy" in planned.stdout
    assert "must be replaced" not in planned.stdout
    applied = copy.make("apply")
    assert applied.returncode == 0, applied.stderr
    nothing_to_change(copy)
    assert _identities(copy) == before


def _changed(settings: dict[str, Any]) -> dict[str, Any]:
    settings["network"] |= {"flow_logs": {"retention_days": 7}}
    settings["load_balancer"] = {"idle_timeout": 90}
    if "cluster" in settings:
        settings["cluster"]["instances"] = {"max": 4}
    wiki = settings["sites"]["wiki"]
    wiki |= {"log_retention_days": 14, "scaling": {"min": 2, "max": 3}, "files": {"backups": False}}
    wiki["database"]["backup_days"] = 2
    return settings


def _identities(copy: Created) -> tuple[Any, ...]:
    """Return what would differ had something been replaced: VPC, load balancer, databases, file systems, containers."""
    client = copy.place.client
    databases = sorted(database["DbiResourceId"] for database in client("rds").describe_db_instances()["DBInstances"])
    (balancer,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
    systems = sorted(system["FileSystemId"] for system in client("efs").describe_file_systems()["FileSystems"])
    containers = sorted(container.id for site in copy.place.config.sites for container in copy.containers(site))
    return balancer["VpcId"], balancer["LoadBalancerArn"], databases, systems, containers
