"""`cluster`: where containers run, and the load balancer in front of them."""

from constructs import Construct

from modules.cluster.ecs import Ec2Cluster
from modules.cluster.fargate import FargateCluster
from modules.config import Config
from modules.load_balancer import LoadBalancer
from stacks._stack import Stack
from stacks.base import BaseStack
from stacks.outputs import BaseOutputs, ClusterOutputs, publish, read


class ClusterStack(Stack):
    """The environment's ECS cluster and load balancer; it knows no site."""

    def __init__(self, scope: Construct, config: Config, base: BaseStack) -> None:
        super().__init__(scope, "cluster", config)
        network = read(self, base, BaseOutputs)
        balancer = LoadBalancer(
            self,
            "load-balancer",
            name=self.naming.name,
            vpc_id=network.vpc_id,
            subnet_ids=network.public_subnet_ids,
            certificate_arn=config.load_balancer.certificate_arn,
            http_port=config.http_port,
            allowed_cidrs=[str(cidr) for cidr in config.load_balancer.allowed_cidrs],
            idle_timeout=config.load_balancer.idle_timeout,
            protected=config.protection,
        )
        cluster = self._cluster(network)
        outputs = ClusterOutputs(
            cluster_name=cluster.name,
            cluster_arn=cluster.arn,
            capacity_provider=cluster.capacity_provider,
            load_balancer_arn=balancer.arn,
            load_balancer_arn_suffix=balancer.arn_suffix,
            load_balancer_dns_name=balancer.dns_name,
            load_balancer_security_group_id=balancer.security_group_id,
            listener_arn=balancer.listener_arn,
        )
        publish(self, outputs)

    def _cluster(self, network: BaseOutputs) -> FargateCluster | Ec2Cluster:
        name = self.naming.name
        # one address for both: a change of platform keeps the ECS cluster and changes its capacity
        if self.config.cluster.platform == "fargate":
            return FargateCluster(self, "cluster", name=name)
        instances = self.config.cluster.instances
        return Ec2Cluster(
            self,
            "cluster",
            name=name,
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
            instance_type=instances.type,
            architecture=self.config.cluster.architecture,
            min=instances.min,
            max=instances.max,
            volume_gib=instances.volume_gib,
            tags=self.naming.tags("cluster"),
        )
