"""A small project of two stacks, whose main.py writes Terraform's JSON without cdktf: seconds instead of minutes."""

import json
import os
import sys
from pathlib import Path
from typing import Any

ENVIRONMENT = "local"
BUCKET = "berth-tiny-state"


def configuration(stack: str) -> dict[str, Any]:
    """Return Terraform's JSON of a stack."""
    tags = {"berth:environment": ENVIRONMENT, "berth:stack": stack}
    backend = {
        "bucket": BUCKET,
        "key": f"{ENVIRONMENT}/{stack}.tfstate",
        "region": "us-east-1",
        "use_lockfile": True,
        "use_path_style": True,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "skip_requesting_account_id": True,
    }
    provider = {"region": "us-east-1", "default_tags": [{"tags": tags}], "max_retries": 2}
    return {
        "terraform": {
            "backend": {"s3": backend},
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
        },
        "provider": {"aws": [provider | {"skip_metadata_api_check": "true", "s3_use_path_style": True}]},
        **{"base": _base, "cluster": _cluster}[stack](),
    }


def _base() -> dict[str, Any]:
    """A network whose VPC takes ten seconds (its DNS settings are waited for), and its parts."""
    name = {"tags": {"Name": "berth-local"}}
    return {
        "resource": {
            "aws_vpc": {"vpc": name | {"cidr_block": "10.7.0.0/16", "enable_dns_hostnames": True}},
            "aws_eip": {"address": {"domain": "vpc", "tags": {"Name": "berth-local-nat"}}},
            "aws_internet_gateway": {"gateway": name | {"vpc_id": "${aws_vpc.vpc.id}"}},
            "aws_subnet": {"subnet": name | {"vpc_id": "${aws_vpc.vpc.id}", "cidr_block": "10.7.0.0/20"}},
            "aws_route_table": {"table": name | {"vpc_id": "${aws_vpc.vpc.id}"}},
            "aws_route_table_association": {
                "association": {"route_table_id": "${aws_route_table.table.id}", "subnet_id": "${aws_subnet.subnet.id}"}
            },
            "aws_cloudwatch_log_group": {"log": {"name": "/berth-local/flow-logs", "retention_in_days": 7}},
        },
        "output": {"vpc_id": {"value": "${aws_vpc.vpc.id}"}},
    }


def _cluster() -> dict[str, Any]:
    """A cluster, whose provider waits ten seconds, and a role."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return {
        "resource": {
            "aws_ecs_cluster": {"cluster": {"name": "berth-local"}},
            "aws_iam_role": {"role": {"name": "berth-local-tiny", "assume_role_policy": policy}},
        }
    }


def main(output: Path) -> None:
    """Write the stacks and the manifest, as cdktf does."""
    needs: dict[str, list[str]] = {"base": [], "cluster": ["base"]}
    for stack in needs:
        folder = output / "stacks" / stack
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cdk.tf.json").write_text(json.dumps(configuration(stack)))
    stacks = {
        name: {"name": name, "workingDirectory": f"stacks/{name}", "dependencies": wanted}
        for name, wanted in needs.items()
    }
    (output / "manifest.json").write_text(json.dumps({"version": "0.21.0", "stacks": stacks}))


if __name__ == "__main__":
    main(Path(os.environ["BERTH_OUT"]))
    sys.exit(0)
