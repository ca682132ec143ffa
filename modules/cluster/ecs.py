"""ECS on EC2 instances in an Auto Scaling group.

Creates: the ECS cluster, the instances (modules/cluster/instances.py), and a capacity provider with managed scaling,
managed draining and managed termination protection.
"""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.ecs_capacity_provider import (
    EcsCapacityProvider,
    EcsCapacityProviderAutoScalingGroupProvider,
    EcsCapacityProviderAutoScalingGroupProviderManagedScaling,
)
from constructs import Construct

from modules.cluster._ecs import EcsClusterBase
from modules.cluster.instances import Instances


class Ec2Cluster(EcsClusterBase):
    """An ECS cluster called `name` whose tasks run on `min` to `max` EC2 instances of `instance_type`.

    `architecture`: `x86_64` (default) or `arm64`, as the instance type's processor. `volume_gib`: root volume, GiB.
    `tags`: go to the instances too, which a provider's default tags do not reach.
    """

    compatibility = "EC2"

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        instance_type: str = "t3.small",
        architecture: str = "x86_64",
        min: int = 2,
        max: int = 6,
        volume_gib: int = 30,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id, name=name)
        instances = Instances(
            self,
            "instances",
            name=name,
            vpc_id=vpc_id,
            subnet_ids=subnet_ids,
            instance_type=instance_type,
            architecture=architecture,
            min=min,
            max=max,
            volume_gib=volume_gib,
            tags=tags or {},
        )
        provider = EcsCapacityProvider(
            self,
            "provider",
            name=name,
            auto_scaling_group_provider=EcsCapacityProviderAutoScalingGroupProvider(
                auto_scaling_group_arn=instances.group_arn,
                managed_draining="ENABLED",
                managed_termination_protection="ENABLED",
                managed_scaling=EcsCapacityProviderAutoScalingGroupProviderManagedScaling(
                    status="ENABLED",
                    target_capacity=90,
                    minimum_scaling_step_size=1,
                    maximum_scaling_step_size=10,
                    instance_warmup_period=120,
                ),
            ),
            tags={"Name": name},
        )
        self._provide([provider.name], provider.name)
