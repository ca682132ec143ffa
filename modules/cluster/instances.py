"""EC2 instances that join an ECS cluster.

Creates: security group (nothing in, HTTPS out), instance role and profile (ECS agent and Session Manager), launch
template (IMDSv2 only, no public address, encrypted volume), and an Auto Scaling group that refreshes its instances when
the template changes. The image is AWS's ECS-optimised Amazon Linux 2023, found by its public SSM parameter.
"""

import base64
from collections.abc import Mapping, Sequence

from cdktf import Token
from cdktf_cdktf_provider_aws.autoscaling_group import (
    AutoscalingGroup,
    AutoscalingGroupInstanceRefresh,
    AutoscalingGroupInstanceRefreshPreferences,
    AutoscalingGroupLaunchTemplate,
    AutoscalingGroupTag,
)
from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplate,
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateIamInstanceProfile,
    LaunchTemplateMetadataOptions,
    LaunchTemplateMonitoring,
    LaunchTemplateNetworkInterfaces,
    LaunchTemplateTagSpecifications,
)
from constructs import Construct

from modules.policy import Role
from modules.security import allow_https_out, security_group

AMI = "/aws/service/ecs/optimized-ami/amazon-linux-2023/{}recommended/image_id"
POLICIES = {
    "agent": "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
    "session-manager": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
}


class Instances(Construct):
    """`min` to `max` EC2 instances for the ECS cluster called `name`; `group_arn` is their Auto Scaling group.

    `tags` go to the group, the instances and their volumes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        instance_type: str,
        architecture: str,
        min: int,
        max: int,
        volume_gib: int,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.tags = {"Name": name, **tags}
        group = security_group(
            self, "group", name=f"{name}-instances", description="Container instances", vpc_id=vpc_id
        )
        allow_https_out(self, "https", source=group.id)
        template = self._template(group.id, instance_type, architecture, volume_gib)
        self.group_arn = self._group(template, subnet_ids, min, max).arn

    def _profile(self) -> IamInstanceProfile:
        role = Role(self, "role", name=f"{self.name}-instance", service="ec2")
        for id_, arn in POLICIES.items():
            IamRolePolicyAttachment(self, id_, role=role.name, policy_arn=arn)
        return IamInstanceProfile(
            self, "profile", name=f"{self.name}-instance", role=role.name, tags={"Name": f"{self.name}-instance"}
        )

    def _template(self, group_id: str, instance_type: str, architecture: str, volume_gib: int) -> LaunchTemplate:
        ami = DataAwsSsmParameter(self, "ami", name=AMI.format("arm64/" if architecture == "arm64" else ""))
        volume = LaunchTemplateBlockDeviceMappingsEbs(
            volume_size=volume_gib, volume_type="gp3", encrypted="true", delete_on_termination="true"
        )
        return LaunchTemplate(
            self,
            "template",
            name=self.name,
            image_id=ami.insecure_value,
            instance_type=instance_type,
            user_data=base64.b64encode(_user_data(self.name).encode()).decode(),
            iam_instance_profile=LaunchTemplateIamInstanceProfile(arn=self._profile().arn),
            metadata_options=LaunchTemplateMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            monitoring=LaunchTemplateMonitoring(enabled=True),
            network_interfaces=[
                LaunchTemplateNetworkInterfaces(
                    associate_public_ip_address="false", delete_on_termination="true", security_groups=[group_id]
                )
            ],
            block_device_mappings=[LaunchTemplateBlockDeviceMappings(device_name="/dev/xvda", ebs=volume)],
            tag_specifications=[
                LaunchTemplateTagSpecifications(resource_type=kind, tags=self.tags) for kind in ("instance", "volume")
            ],
            tags={"Name": self.name},
        )

    def _group(self, template: LaunchTemplate, subnet_ids: Sequence[str], least: int, most: int) -> AutoscalingGroup:
        # default_tags reach neither the group's tags nor the instances
        tags = {"AmazonECSManaged": "true", **self.tags}
        group = AutoscalingGroup(
            self,
            "instances",
            name=self.name,
            min_size=least,
            max_size=most,
            vpc_zone_identifier=list(subnet_ids),
            health_check_type="EC2",
            protect_from_scale_in=True,
            force_delete=True,
            launch_template=AutoscalingGroupLaunchTemplate(
                id=template.id, version=Token.as_string(template.latest_version)
            ),
            instance_refresh=AutoscalingGroupInstanceRefresh(
                strategy="Rolling",
                preferences=AutoscalingGroupInstanceRefreshPreferences(
                    min_healthy_percentage=100, max_healthy_percentage=200, scale_in_protected_instances="Refresh"
                ),
            ),
            tag=[AutoscalingGroupTag(key=key, value=value, propagate_at_launch=True) for key, value in tags.items()],
        )
        # the capacity provider changes it all the time
        group.add_override("lifecycle", {"ignore_changes": ["desired_capacity"]})
        return group


def _user_data(cluster: str) -> str:
    settings = {
        "ECS_CLUSTER": cluster,
        "ECS_ENABLE_SPOT_INSTANCE_DRAINING": "true",
        "ECS_AWSVPC_BLOCK_IMDS": "true",
        "ECS_CONTAINER_STOP_TIMEOUT": "120s",
    }
    lines = [f"echo {key}={value} >> /etc/ecs/ecs.config" for key, value in settings.items()]
    return "\n".join(["#!/bin/sh", *lines, ""])
