import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize(("given", "expected"), [({}, 600), ({"MaxAggregationInterval": 60}, 60)])
def test_a_flow_log_says_how_it_was_made(shared_cloud: Cloud, given: dict, expected: int) -> None:
    """Interval and role come back; the interval has AWS's default."""
    ec2 = shared_cloud.client("ec2")
    role = "arn:aws:iam::000000000000:role/flow"
    made = ec2.create_flow_logs(
        ResourceIds=["vpc-1"],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogDestination="arn:aws:logs:us-east-1:000000000000:log-group:/flow",
        DeliverLogsPermissionArn=role,
        **given,
    )
    (found,) = ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"]
    assert (found["MaxAggregationInterval"], found["DeliverLogsPermissionArn"]) == (expected, role)
    assert found["LogFormat"].startswith("${version} ")


def test_flow_logs_keep_their_tags(shared_cloud: Cloud) -> None:
    """Tags given at creation, as `vpc-flow-log`, come back."""
    ec2 = shared_cloud.client("ec2")
    made = ec2.create_flow_logs(
        ResourceIds=["vpc-2"],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogDestination="arn:aws:logs:us-east-1:000000000000:log-group:/flow",
        TagSpecifications=[{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "Name", "Value": "flow"}]}],
    )
    (found,) = ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"]
    assert found["Tags"] == [{"Key": "Name", "Value": "flow"}]
