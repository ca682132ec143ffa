"""The shared half of both ECS platforms: the cluster itself."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.ecs_cluster import EcsCluster, EcsClusterSetting
from cdktf_cdktf_provider_aws.ecs_cluster_capacity_providers import (
    EcsClusterCapacityProviders,
    EcsClusterCapacityProvidersDefaultCapacityProviderStrategy,
)
from constructs import Construct

from modules.cluster.task import Compatibility


class EcsClusterBase(Construct):
    """An ECS cluster called `name` with Container Insights; a platform adds its capacity with `_provide`.

    Attributes: `name`, `arn`, `capacity_provider`, `compatibility` (what task definitions must require).
    """

    compatibility: Compatibility

    def __init__(self, scope: Construct, id: str, *, name: str) -> None:
        super().__init__(scope, id)
        cluster = EcsCluster(
            self,
            "cluster",
            name=name,
            setting=[EcsClusterSetting(name="containerInsights", value="enhanced")],
            tags={"Name": name},
        )
        self.name = cluster.name
        self.arn = cluster.arn

    def _provide(self, providers: Sequence[str], default: str) -> None:
        strategy = EcsClusterCapacityProvidersDefaultCapacityProviderStrategy(
            capacity_provider=default, weight=1, base=1
        )
        association = EcsClusterCapacityProviders(
            self,
            "capacity",
            cluster_name=self.name,
            capacity_providers=list(providers),
            default_capacity_provider_strategy=[strategy],
        )
        self.capacity_provider = default
        self.capacity = association
