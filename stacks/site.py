"""`site-<site>`: the containers that serve the site, and how requests reach them."""

from cdktf_cdktf_provider_aws.lb_listener_certificate import LbListenerCertificate
from constructs import Construct

from modules.cluster.place import Place
from modules.cluster.service import Service
from modules.config import Config
from modules.config_rules import rule_priority
from stacks._site import site_url, site_workload, task_definition
from stacks._stack import Stack
from stacks.base import BaseStack
from stacks.cluster import ClusterStack
from stacks.data import DataStack
from stacks.jobs import JobsStack
from stacks.outputs import BaseOutputs, ClusterOutputs, DataOutputs, RegistryOutputs, SiteOutputs, publish, read
from stacks.registry import RegistryStack


class SiteStack(Stack):
    """A site's service; nothing in here is worth keeping, so it can be destroyed and made again."""

    def __init__(
        self,
        scope: Construct,
        config: Config,
        *,
        registry: RegistryStack,
        base: BaseStack,
        cluster: ClusterStack,
        data: DataStack,
        jobs: JobsStack,
        site: str,
    ) -> None:
        super().__init__(scope, f"site-{site}", config)
        settings = config.sites[site]
        images = read(self, registry, RegistryOutputs)
        network = read(self, base, BaseOutputs)
        capacity = read(self, cluster, ClusterOutputs)
        stored = read(self, data, DataOutputs)
        # the jobs have to have run before
        self.add_dependency(jobs)
        workload = site_workload(self, site, stored)
        task = task_definition(self, workload.serve, workload=workload, data=stored, registry=images, app=settings.app)
        if settings.certificate_arn:
            LbListenerCertificate(
                self, "certificate", listener_arn=capacity.listener_arn, certificate_arn=settings.certificate_arn
            )
        service = Service(
            self,
            "service",
            workload=workload,
            task=task,
            place=Place(
                cluster_name=capacity.cluster_name,
                cluster_arn=capacity.cluster_arn,
                capacity_provider=capacity.capacity_provider,
                vpc_id=network.vpc_id,
                subnet_ids=network.private_subnet_ids,
                listener_arn=capacity.listener_arn,
                load_balancer_security_group_id=capacity.load_balancer_security_group_id,
            ),
            host=settings.host,
            priority=rule_priority(site, settings),
            least=settings.scaling.min,
            most=settings.scaling.max,
            cpu_percent=settings.scaling.cpu_percent,
            min_healthy_percent=settings.deployment.min_healthy_percent,
            max_percent=settings.deployment.max_percent,
        )
        outputs = SiteOutputs(
            url=site_url(config, settings),
            cluster_name=capacity.cluster_name,
            service_name=service.name,
            task_definition=task.arn,
            target_group_arn=service.target_group_arn,
        )
        publish(self, outputs)
