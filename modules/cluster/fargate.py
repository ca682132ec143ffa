"""ECS on Fargate: no servers to keep.

Creates: the ECS cluster, with FARGATE and FARGATE_SPOT as its capacity providers.
"""

from constructs import Construct

from modules.cluster._ecs import EcsClusterBase


class FargateCluster(EcsClusterBase):
    """An ECS cluster called `name` whose tasks run on Fargate."""

    compatibility = "FARGATE"

    def __init__(self, scope: Construct, id: str, *, name: str) -> None:
        super().__init__(scope, id, name=name)
        self._provide(["FARGATE", "FARGATE_SPOT"], "FARGATE")
