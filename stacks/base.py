"""`base`: the network."""

from constructs import Construct

from modules.config import Config
from modules.network import Network
from stacks._stack import Stack
from stacks.outputs import BaseOutputs, publish


class BaseStack(Stack):
    """The environment's VPC."""

    def __init__(self, scope: Construct, config: Config) -> None:
        super().__init__(scope, "base", config)
        settings = config.network
        network = Network(
            self,
            "network",
            name=self.naming.name,
            cidr=settings.cidr,
            zones=settings.zones,
            nat=settings.nat,
            flow_log_days=settings.flow_logs.retention_days if settings.flow_logs else None,
            interface_endpoints=settings.interface_endpoints,
        )
        outputs = BaseOutputs(
            vpc_id=network.vpc_id,
            vpc_cidr=network.cidr,
            public_subnet_ids=network.public_subnet_ids,
            public_subnet_cidrs=network.public_subnet_cidrs,
            private_subnet_ids=network.private_subnet_ids,
            availability_zones=network.zones,
        )
        publish(self, outputs)
