"""A stranger's App: Berth's network and Fargate service with an image that is none of Berth's.

Run it: `.venv/bin/python examples/network_and_service.py`, then terraform in cdktf.out/stacks/hello.
"""

import sys
from ipaddress import IPv4Network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import modules  # noqa: F401 - makes the bindings lazy before cdktf loads them

# isort: split
from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.cluster.fargate import FargateCluster
from modules.cluster.place import Place
from modules.cluster.service import Service
from modules.cluster.task import TaskDefinition
from modules.contract import Job, Workload
from modules.load_balancer import LoadBalancer
from modules.network import Network

REGION = "eu-west-1"


class Hello(TerraformStack):
    """A VPC, a load balancer, and two tasks of a public image behind it."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        AwsProvider(self, "aws", region=REGION)
        network = Network(self, "network", name="hello", cidr=IPv4Network("10.1.0.0/16"), zones=2, nat="single")
        balancer = LoadBalancer(
            self,
            "balancer",
            name="hello",
            vpc_id=network.vpc_id,
            subnet_ids=network.public_subnet_ids,
            protected=False,
        )
        cluster = FargateCluster(self, "cluster", name="hello")
        log = CloudwatchLogGroup(self, "log", name="/hello", retention_in_days=7)
        workload = Workload(
            name="hello",
            image="public.ecr.aws/nginx/nginx-unprivileged:1.29",
            serve=Job(name="serve", command=()),
            user=101,
            cpu=256,
            memory_mib=512,
            writable=("/tmp",),  # noqa: S108 - a folder of the image
            live_command=(),
            ready_path="/",
        )
        task = TaskDefinition(
            self,
            "serve",
            workload=workload,
            job=workload.serve,
            compatibility=cluster.compatibility,
            architecture="x86_64",
            log_group=log.name,
            log_group_arn=log.arn,
            region=REGION,
        )
        place = Place(
            cluster_name=cluster.name,
            cluster_arn=cluster.arn,
            capacity_provider=cluster.capacity_provider,
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
            listener_arn=balancer.listener_arn,
            load_balancer_security_group_id=balancer.security_group_id,
        )
        Service(
            self, "service", workload=workload, task=task, place=place, host="hello.example.org", priority=1
        ).node.add_dependency(cluster.capacity)
        TerraformOutput(self, "address", value=balancer.dns_name)


def build(app: App) -> None:
    """Add the stack to `app`."""
    Hello(app, "hello")


if __name__ == "__main__":
    main_app = App()
    build(main_app)
    main_app.synth()
