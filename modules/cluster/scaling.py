"""How many tasks a service runs.

Creates: a scalable target and a target-tracking policy on the service's average CPU.
"""

from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from constructs import Construct


class Scaling(Construct):
    """Keep `service_name` between `least` and `most` tasks, aiming at `cpu_percent` average CPU."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        cluster_name: str,
        service_name: str,
        least: int,
        most: int,
        cpu_percent: int,
    ) -> None:
        super().__init__(scope, id)
        target = AppautoscalingTarget(
            self,
            "target",
            service_namespace="ecs",
            resource_id=f"service/{cluster_name}/{service_name}",
            scalable_dimension="ecs:service:DesiredCount",
            min_capacity=least,
            max_capacity=most,
            tags={"Name": name},
        )
        metric = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
            predefined_metric_type="ECSServiceAverageCPUUtilization"
        )
        AppautoscalingPolicy(
            self,
            "cpu",
            name=f"{name}-cpu",
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                target_value=cpu_percent,
                predefined_metric_specification=metric,
                scale_out_cooldown=60,
                scale_in_cooldown=300,
            ),
        )
