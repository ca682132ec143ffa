import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Stacks
from tests.stacks.test_network import resources

PLATFORMS = pytest.mark.parametrize(("platform", "requires"), [("fargate", "FARGATE"), ("ecs", "EC2")])


def containers(stacks: Stacks) -> dict[str, dict[str, Any]]:
    """Return the container definitions of all three jobs, by name."""
    found = {}
    for stack in ("jobs-wiki", "site-wiki"):
        for task in resources(stacks[stack], "aws_ecs_task_definition"):
            (container,) = json.loads(task["container_definitions"])
            found[container["name"]] = container
    return found


def statements(stack: dict, role: str) -> list[dict[str, Any]]:
    """Return the statements of the inline policy whose name ends with `role`."""
    found = [p for p in resources(stack, "aws_iam_role_policy") if p["name"].endswith(role)]
    return [statement for policy in found for statement in json.loads(policy["policy"])["Statement"]]


@PLATFORMS
def test_containers_run_confined(synth: Callable[..., Stacks], platform: str, requires: str) -> None:
    """Every job runs unprivileged with a read-only root, no capabilities, and bounds on memory and stop time."""
    stacks = synth(cluster={"platform": platform})
    for container in containers(stacks).values():
        assert container["user"] == "10001:10001"
        assert container["readonlyRootFilesystem"] is True
        assert container["privileged"] is False
        assert container["linuxParameters"]["capabilities"]["drop"] == ["ALL"]
        assert (container["memory"], container["stopTimeout"]) == (1024, 30)
    for task in resources(stacks["site-wiki"], "aws_ecs_task_definition"):
        assert task["requires_compatibilities"] == [requires]
        assert task["network_mode"] == "awsvpc"


def test_only_provision_sees_the_master_secret(synth: Callable[..., Stacks]) -> None:
    """The database's master user goes to the provision job alone, and no other role may read its secret."""
    stacks = synth()
    seen = {name: {secret["name"] for secret in c["secrets"]} for name, c in containers(stacks).items()}
    assert {"DATABASE_ADMIN_USER", "DATABASE_ADMIN_PASSWORD"} <= seen["provision"]
    assert not {name for job in ("migrate", "serve") for name in seen[job] if name.startswith("DATABASE_ADMIN")}
    master = "${data.terraform_remote_state.data-wiki-outputs.outputs.master_secret_arn}"
    readable = {
        name: {arn for s in statements(stacks[stack], f"{name}-execution") for arn in s["Resource"]}
        for stack, name in (("jobs-wiki", "provision"), ("jobs-wiki", "migrate"), ("site-wiki", "serve"))
    }
    assert {name for name, arns in readable.items() if master in arns} == {"provision"}


def test_only_migrate_sees_the_administrator(synth: Callable[..., Stacks]) -> None:
    """The wiki administrator's password is given to the job that makes the account, and to no other."""
    seen = {name: {secret["name"] for secret in c["secrets"]} for name, c in containers(synth()).items()}
    assert {name for name, secrets in seen.items() if "MEDIAWIKI_ADMIN_PASSWORD" in secrets} == {"migrate"}


def test_no_policy_allows_everything(synth: Callable[..., Stacks]) -> None:
    """No action is a wildcard; a wildcard resource stands only with the two calls that take nothing narrower."""
    for stack in synth(cluster={"platform": "ecs"}).values():
        for policy in resources(stack, "aws_iam_role_policy"):
            for statement in json.loads(policy["policy"])["Statement"]:
                assert not [action for action in statement["Action"] if "*" in action]
                if "*" in statement["Resource"]:
                    assert statement["Action"] in (["ecr:GetAuthorizationToken"], ["logs:DescribeLogGroups"])


@PLATFORMS
def test_service_rolls_with_a_circuit_breaker(synth: Callable[..., Stacks], platform: str, requires: str) -> None:
    """The service rolls back by itself, uses a capacity provider, and leaves the task count to autoscaling."""
    del requires
    (service,) = resources(synth(cluster={"platform": platform})["site-wiki"], "aws_ecs_service")
    assert service["deployment_circuit_breaker"] == {"enable": True, "rollback": True}
    assert "launch_type" not in service
    assert service["capacity_provider_strategy"]
    assert service["lifecycle"]["ignore_changes"] == ["desired_count"]
    assert service["wait_for_steady_state"] is True
    assert service["network_configuration"]["assign_public_ip"] is False
    assert service["availability_zone_rebalancing"] == "ENABLED"


def test_rebalancing_is_off_where_ecs_refuses_it(synth: Callable[..., Stacks]) -> None:
    """With at most 100 percent of the tasks during a deployment, AZ rebalancing is not allowed."""
    site = {"host": "wiki.example.org", "deployment": {"min_healthy_percent": 50, "max_percent": 100}}
    (service,) = resources(synth(sites={"wiki": site})["site-wiki"], "aws_ecs_service")
    assert service["availability_zone_rebalancing"] == "DISABLED"


def test_certificate_brings_https_and_a_redirect(synth: Callable[..., Stacks]) -> None:
    """With a certificate HTTP redirects, and the site's address is https."""
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/x"
    stacks = synth(load_balancer={"certificate_arn": arn})
    http, https = sorted(resources(stacks["cluster"], "aws_lb_listener"), key=lambda listener: listener["port"])
    assert http["default_action"][0]["redirect"]["protocol"] == "HTTPS"
    assert (https["certificate_arn"], https["ssl_policy"]) == (arn, "ELBSecurityPolicy-TLS13-1-2-2021-06")
    assert stacks["site-wiki"]["output"]["url"]["value"] == "https://wiki.example.org"


def test_data_is_protected_by_default(synth: Callable[..., Stacks]) -> None:
    """The database refuses deletion, leaves a snapshot, and secrets can be brought back."""
    data = synth()["data-wiki"]
    (instance,) = resources(data, "aws_db_instance")
    assert instance["deletion_protection"] is True
    assert instance["skip_final_snapshot"] is False
    assert {secret["recovery_window_in_days"] for secret in resources(data, "aws_secretsmanager_secret")} == {30}


def test_without_protection_everything_can_go(synth: Callable[..., Stacks]) -> None:
    """With protection off nothing refuses to be deleted; on AWS the database still leaves its snapshot."""
    stacks = synth(protection=False)
    (instance,) = resources(stacks["data-wiki"], "aws_db_instance")
    assert instance["deletion_protection"] is False
    assert (instance["skip_final_snapshot"], instance["delete_automated_backups"]) == (False, False)
    assert resources(stacks["cluster"], "aws_lb")[0]["enable_deletion_protection"] is False
    assert resources(stacks["registry"], "aws_ecr_repository")[0]["force_delete"] is True


def test_the_embedded_cloud_keeps_nothing_behind(synth: Callable[..., Stacks]) -> None:
    """On this machine a database leaves no snapshot and a secret can be made anew at once."""
    data = synth(embedded_cloud={"port": 4566}, protection=False)["data-wiki"]
    (instance,) = resources(data, "aws_db_instance")
    assert (instance["skip_final_snapshot"], instance["delete_automated_backups"]) == (True, True)
    assert {secret["recovery_window_in_days"] for secret in resources(data, "aws_secretsmanager_secret")} == {0}


def test_instances_use_imdsv2_and_no_public_address(synth: Callable[..., Stacks]) -> None:
    """Launch templates demand session tokens, encrypt the volume and give no public address."""
    (template,) = resources(synth(cluster={"platform": "ecs"})["cluster"], "aws_launch_template")
    assert template["metadata_options"]["http_tokens"] == "required"
    assert template["network_interfaces"][0]["associate_public_ip_address"] == "false"
    assert template["block_device_mappings"][0]["ebs"]["encrypted"] == "true"


def test_files_demand_tls_and_iam(synth: Callable[..., Stacks]) -> None:
    """Tasks mount through the access point, over TLS, with their own role."""
    (task,) = resources(synth()["site-wiki"], "aws_ecs_task_definition")
    (volume,) = [v["efs_volume_configuration"] for v in task["volume"] if "efs_volume_configuration" in v]
    assert (volume["transit_encryption"], volume["authorization_config"]["iam"]) == ("ENABLED", "ENABLED")
    (policy,) = resources(synth()["data-wiki"], "aws_efs_file_system_policy")
    assert "aws:SecureTransport" in policy["policy"]


def test_the_database_is_reached_over_verified_tls(synth: Callable[..., Stacks]) -> None:
    """On AWS the server refuses plain connections, and every job knows the authority to verify it by."""
    stacks = synth()
    (group,) = resources(stacks["data-wiki"], "aws_db_parameter_group")
    assert {"name": "require_secure_transport", "value": "1"} in group["parameter"]
    for container in containers(stacks).values():
        assert {"name": "DATABASE_TLS_CA", "value": "/usr/local/share/berth/rds-ca.pem"} in container["environment"]


def test_settings_in_s3_are_part_of_the_task(synth: Callable[..., Stacks]) -> None:
    """A file's etag and version stand in the task definition, and the task's role may read that object alone."""
    site = {"host": "wiki.example.org", "config": ["s3://acme-settings/wiki/extra.php"]}
    stacks = synth(sites={"wiki": site})
    environment = {item["name"]: item["value"] for item in containers(stacks)["serve"]["environment"]}
    assert json.loads(environment["CONFIG_FILES"]) == [
        {
            "uri": "s3://acme-settings/wiki/extra.php",
            "etag": "${data.aws_s3_object.config-0.etag}",
            "version": "${data.aws_s3_object.config-0.version_id}",
        }
    ]
    (read,) = [s for s in statements(stacks["site-wiki"], "serve-task") if "s3:GetObject" in s["Action"]]
    assert read["Resource"] == ["arn:aws:s3:::acme-settings/wiki/extra.php"]


BLOG = {"app": "wordpress", "host": "blog.example.org", "admin_email": "editor@example.org"}


def test_a_blog_has_its_own_settings_and_secrets(synth: Callable[..., Stacks]) -> None:
    """WordPress gets its address, its eight salts by reference, and the administrator in the migrate job alone."""
    jobs = containers(synth(sites={"wiki": BLOG}))
    environment = {item["name"]: item["value"] for item in jobs["serve"]["environment"]}
    assert environment["WORDPRESS_URL"] == "http://blog.example.org"
    secrets = {name: {secret["name"] for secret in job["secrets"]} for name, job in jobs.items()}
    assert len([name for name in secrets["serve"] if name.endswith(("_KEY", "_SALT"))]) == 8
    assert {name for name, given in secrets.items() if "WORDPRESS_ADMIN_PASSWORD" in given} == {"migrate"}


def test_a_blog_pulls_its_own_image_only(synth: Callable[..., Stacks]) -> None:
    """The role that pulls may read the repository of the site's application and no other."""
    pulls = [
        s
        for s in statements(synth(sites={"wiki": BLOG})["site-wiki"], "serve-execution")
        if "ecr:BatchGetImage" in s["Action"]
    ]
    (arn,) = [arn for statement in pulls for arn in statement["Resource"]]
    assert arn.endswith("repository_arns.wordpress}")


@PLATFORMS
def test_the_processor_is_one_setting(synth: Callable[..., Stacks], platform: str, requires: str) -> None:
    """Tasks and the instances below them are for the cluster's processor."""
    stacks = synth(cluster={"platform": platform, "architecture": "arm64", "instances": {"type": "t4g.small"}})
    tasks = [task for name in ("jobs-wiki", "site-wiki") for task in resources(stacks[name], "aws_ecs_task_definition")]
    assert {task["runtime_platform"]["cpu_architecture"] for task in tasks} == {"ARM64"}
    amis = [read["name"] for read in stacks["cluster"].get("data", {}).get("aws_ssm_parameter", {}).values()]
    expected = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
    assert amis == ([expected] if requires == "EC2" else [])
