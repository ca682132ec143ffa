"""How requests find a service.

Creates: a target group with its health check, and the listener rule that sends a host name there.
"""

from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleCondition,
    LbListenerRuleConditionHostHeader,
)
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from constructs import Construct

from modules.cluster.place import Place
from modules.contract import Workload


class Route(Construct):
    """The target group of `workload` and the rule for `host`; attributes `target_group_arn` and `rule`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workload: Workload,
        place: Place,
        host: str,
        priority: int,
    ) -> None:
        super().__init__(scope, id)
        target = LbTargetGroup(
            self,
            "targets",
            name=workload.name,
            port=workload.port,
            protocol="HTTP",
            target_type="ip",
            vpc_id=place.vpc_id,
            deregistration_delay=str(workload.stop_timeout),
            load_balancing_algorithm_type="least_outstanding_requests",
            health_check=LbTargetGroupHealthCheck(
                path=workload.ready_path,
                interval=10,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
                matcher="200",
            ),
            tags={"Name": workload.name},
        )
        self.rule = LbListenerRule(
            self,
            "rule",
            listener_arn=place.listener_arn,
            priority=priority,
            action=[LbListenerRuleAction(type="forward", target_group_arn=target.arn)],
            condition=[LbListenerRuleCondition(host_header=LbListenerRuleConditionHostHeader(values=[host]))],
            tags={"Name": workload.name},
        )
        self.target_group_arn = target.arn
