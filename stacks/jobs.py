"""`jobs-<site>`: the site's provision and migrate tasks, which the wrapper runs before the new image serves anybody."""

from constructs import Construct

from modules.config import Config
from stacks._site import site_workload, task_definition
from stacks._stack import Stack
from stacks.base import BaseStack
from stacks.cluster import ClusterStack
from stacks.data import DataStack
from stacks.outputs import BaseOutputs, ClusterOutputs, DataOutputs, JobsOutputs, RegistryOutputs, publish, read
from stacks.registry import RegistryStack


class JobsStack(Stack):
    """Task definitions and roles of `provision` and `migrate`; the provision role alone reads the master secret."""

    def __init__(
        self,
        scope: Construct,
        config: Config,
        *,
        registry: RegistryStack,
        base: BaseStack,
        cluster: ClusterStack,
        data: DataStack,
        site: str,
    ) -> None:
        super().__init__(scope, f"jobs-{site}", config)
        images = read(self, registry, RegistryOutputs)
        network = read(self, base, BaseOutputs)
        capacity = read(self, cluster, ClusterOutputs)
        stored = read(self, data, DataOutputs)
        workload = site_workload(self, site, stored)
        tasks = {
            job.name: task_definition(
                self, job, workload=workload, data=stored, registry=images, app=config.sites[site].app
            )
            for job in workload.preparation
        }
        outputs = JobsOutputs(
            provision_task_definition=tasks["provision"].arn,
            migrate_task_definition=tasks["migrate"].arn,
            cluster_name=capacity.cluster_name,
            capacity_provider=capacity.capacity_provider,
            subnet_ids=network.private_subnet_ids,
            security_group_ids=[stored.client_security_group_id],
        )
        publish(self, outputs)
