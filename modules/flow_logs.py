"""Flow logs of a VPC.

Creates: a CloudWatch log group, the role that writes to it, and the flow log of all traffic.
"""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from constructs import Construct

from modules.policy import Role, allow


class FlowLogs(Construct):
    """Flow logs of the VPC `vpc_id` in the log group `/<name>/flow-logs`, kept for `retention_days`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        retention_days: int,
    ) -> None:
        super().__init__(scope, id)
        group = CloudwatchLogGroup(self, "group", name=f"/{name}/flow-logs", retention_in_days=retention_days)
        role = Role(
            self,
            "writer",
            name=f"{name}-flow-logs",
            service="vpc-flow-logs",
            statements=[
                allow(
                    ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                    [group.arn, f"{group.arn}:*"],
                ),
                # the service lists groups before it writes; AWS offers nothing narrower for this call
                allow(["logs:DescribeLogGroups"], ["*"]),
            ],
        )
        FlowLog(
            self,
            "flow-log",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=600,
            tags={"Name": name},
        )
