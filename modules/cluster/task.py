"""The task definition of one job.

Creates: the task definition, its execution role (pulls the image, writes the log, reads exactly the job's secrets) and
its task role (mounts exactly the job's files, reads exactly the workload's S3 objects).
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

from cdktf_cdktf_provider_aws.ecs_task_definition import (
    EcsTaskDefinition,
    EcsTaskDefinitionRuntimePlatform,
    EcsTaskDefinitionVolume,
    EcsTaskDefinitionVolumeEfsVolumeConfiguration,
    EcsTaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfig,
)
from constructs import Construct

from modules.cluster.container import container_definition, volume_name
from modules.contract import Job, Mount, SecretKey, Workload
from modules.policy import Role, allow

Compatibility = Literal["FARGATE", "EC2"]


class TaskDefinition(Construct):
    """The task definition `<workload name>-<job>` (serve: just the workload's name); `arn` is its revision.

    `repository_arn`: the ECR repository it pulls from, None for an image of elsewhere. `log_group_arn` without `:*`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workload: Workload,
        job: Job,
        compatibility: Compatibility,
        architecture: str,
        log_group: str,
        log_group_arn: str,
        region: str,
        repository_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.family = workload.name if job.name == "serve" else f"{workload.name}-{job.name}"
        execution = Role(
            self,
            "execution",
            name=f"{workload.name}-{job.name}-execution",
            service="ecs-tasks",
            statements=list(_execution_statements(job, log_group_arn, repository_arn)),
        )
        task = Role(
            self,
            "task",
            name=f"{workload.name}-{job.name}-task",
            service="ecs-tasks",
            statements=[*map(_mount_statement, job.mounts_of(Mount, "ECS")), *_read_statements(workload)],
        )
        container = container_definition(workload, job, log_group=log_group, region=region)
        definition = EcsTaskDefinition(
            self,
            "definition",
            family=self.family,
            cpu=str(workload.cpu),
            memory=str(workload.memory_mib),
            network_mode="awsvpc",
            requires_compatibilities=[compatibility],
            runtime_platform=EcsTaskDefinitionRuntimePlatform(
                operating_system_family="LINUX", cpu_architecture=architecture.upper()
            ),
            execution_role_arn=execution.arn,
            task_role_arn=task.arn,
            container_definitions=json.dumps([container]),
            volume=[*_scratch(workload), *map(_efs_volume, job.mounts_of(Mount, "ECS"))],
            tags={"Name": self.family},
            # a task that starts before its roles' policies exist cannot pull
            depends_on=[role.policy for role in (execution, task) if role.policy],
        )
        self.arn = definition.arn


def _execution_statements(job: Job, log_group_arn: str, repository_arn: str | None) -> Iterator[dict[str, Any]]:
    yield allow(["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log_group_arn}:*"])
    if repository_arn:
        # the token is the account's; AWS offers nothing narrower for this call
        yield allow(["ecr:GetAuthorizationToken"], ["*"])
        yield allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], [repository_arn]
        )
    secrets = sorted({secret.arn for secret in job.secrets.values() if isinstance(secret, SecretKey)})
    if secrets:
        yield allow(["secretsmanager:GetSecretValue"], secrets)


def _mount_statement(mount: Mount) -> dict[str, Any]:
    return allow(
        ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        [mount.file_system_arn],
        Condition={"StringEquals": {"elasticfilesystem:AccessPointArn": mount.access_point_arn}},
    )


def _read_statements(workload: Workload) -> Iterator[dict[str, Any]]:
    if workload.readable:
        yield allow(["s3:GetObject", "s3:GetObjectVersion"], workload.readable)


def _scratch(workload: Workload) -> list[EcsTaskDefinitionVolume]:
    return [EcsTaskDefinitionVolume(name=volume_name(path)) for path in workload.writable]


def _efs_volume(mount: Mount) -> EcsTaskDefinitionVolume:
    return EcsTaskDefinitionVolume(
        name=volume_name(mount.path),
        efs_volume_configuration=EcsTaskDefinitionVolumeEfsVolumeConfiguration(
            file_system_id=mount.file_system_id,
            transit_encryption="ENABLED",
            authorization_config=EcsTaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfig(
                access_point_id=mount.access_point_id, iam="ENABLED"
            ),
        ),
    )
