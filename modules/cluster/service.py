"""A workload that serves people: an ECS service behind a load balancer.

Creates: the serve job's task definition and roles, target group, listener rule, the service's security group with the
rule that lets the load balancer in, the service (rolling, with circuit breaker and rollback), and its autoscaling.
"""

from cdktf_cdktf_provider_aws.ecs_service import (
    EcsService,
    EcsServiceCapacityProviderStrategy,
    EcsServiceDeploymentCircuitBreaker,
    EcsServiceLoadBalancer,
    EcsServiceNetworkConfiguration,
    EcsServiceTimeouts,
)
from constructs import Construct

from modules.cluster.place import Place
from modules.cluster.route import Route
from modules.cluster.scaling import Scaling
from modules.cluster.task import TaskDefinition
from modules.contract import Workload
from modules.security import allow_https_out, connect, security_group


class Service(Construct):
    """The ECS service `<workload name>`, which answers to `host` on the load balancer.

    `least` and `most`: tasks, scaled on `cpu_percent`. `min_healthy_percent` and `max_percent` bound a deployment.
    `priority`: of the listener rule, 1 to 50,000. Attributes: `name`, `target_group_arn`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workload: Workload,
        task: TaskDefinition,
        place: Place,
        host: str,
        priority: int,
        least: int = 2,
        most: int = 6,
        cpu_percent: int = 60,
        min_healthy_percent: int = 100,
        max_percent: int = 200,
    ) -> None:
        super().__init__(scope, id)
        name = workload.name
        group = security_group(self, "group", name=f"{name}-service", description="Service", vpc_id=place.vpc_id)
        allow_https_out(self, "https", source=group.id)
        connect(
            self,
            "visitors",
            source=place.load_balancer_security_group_id,
            target=group.id,
            port=workload.port,
            description=f"Load balancer to {name}",
        )
        connect(
            self,
            "replicas",
            source=group.id,
            target=group.id,
            port=workload.port,
            description="Replicas among themselves",
        )
        route = Route(self, "route", workload=workload, place=place, host=host, priority=priority)
        service = EcsService(
            self,
            "service",
            name=name,
            cluster=place.cluster_arn,
            task_definition=task.arn,
            desired_count=least,
            capacity_provider_strategy=[
                EcsServiceCapacityProviderStrategy(capacity_provider=place.capacity_provider, weight=1, base=1)
            ],
            network_configuration=EcsServiceNetworkConfiguration(
                subnets=list(place.subnet_ids),
                security_groups=[group.id, *workload.security_group_ids],
                assign_public_ip=False,
            ),
            load_balancer=[
                EcsServiceLoadBalancer(
                    target_group_arn=route.target_group_arn, container_name="serve", container_port=workload.port
                )
            ],
            deployment_circuit_breaker=EcsServiceDeploymentCircuitBreaker(enable=True, rollback=True),
            deployment_minimum_healthy_percent=min_healthy_percent,
            deployment_maximum_percent=max_percent,
            # ECS refuses rebalancing where a deployment may not exceed the wanted tasks
            availability_zone_rebalancing="ENABLED" if max_percent > 100 else "DISABLED",  # noqa: PLR2004
            health_check_grace_period_seconds=workload.start_period,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=True,
            timeouts=EcsServiceTimeouts(create="20m", update="20m", delete="20m"),
            tags={"Name": name},
            # ECS refuses a target group that no listener knows
            depends_on=[route.rule],
        )
        # autoscaling owns the number from then on
        service.add_override("lifecycle", {"ignore_changes": ["desired_count"]})
        Scaling(
            self,
            "scaling",
            name=name,
            cluster_name=place.cluster_name,
            service_name=service.name,
            least=least,
            most=most,
            cpu_percent=cpu_percent,
        )
        self.name = service.name
        self.target_group_arn = route.target_group_arn
