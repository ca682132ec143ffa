import urllib.parse
import urllib.request

import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud

TOPIC = "arn:aws:sns:us-east-1:000000000000:alerts"
COMMON = {"EvaluationPeriods": 2, "Threshold": 10.0, "ComparisonOperator": "GreaterThanThreshold"}


def _described(cloud: Cloud, name: str) -> dict:
    found = cloud.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return found[0]


def test_an_alarm_comes_back_as_it_was_put(shared_cloud: Cloud) -> None:
    """Actions, dimensions, period and the treatment of missing data are all there."""
    alarm = COMMON | {
        "AlarmName": "errors",
        "AlarmDescription": "a < b",
        "ActionsEnabled": True,
        "MetricName": "HTTPCode_Target_5XX_Count",
        "Namespace": "AWS/ApplicationELB",
        "Statistic": "Sum",
        "Period": 60,
        "TreatMissingData": "notBreaching",
        "Dimensions": [{"Name": "LoadBalancer", "Value": "app/x/1"}],
        "AlarmActions": [TOPIC],
        "OKActions": [TOPIC],
        "InsufficientDataActions": [TOPIC],
    }
    shared_cloud.client("cloudwatch").put_metric_alarm(**alarm)
    found = _described(shared_cloud, "errors")
    assert {name: found.get(name) for name in alarm} == alarm


def test_an_alarm_on_several_metrics_keeps_its_queries(shared_cloud: Cloud) -> None:
    """It has queries and no metric of its own."""
    metric = {"MetricName": "RequestCount", "Namespace": "AWS/ApplicationELB"}
    queries = [
        {"Id": "rate", "Expression": "errors * 2", "Label": "rate", "ReturnData": True},
        {"Id": "errors", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False},
    ]
    shared_cloud.client("cloudwatch").put_metric_alarm(AlarmName="rate", Metrics=queries, **COMMON)
    found = _described(shared_cloud, "rate")
    assert found["Metrics"] == queries
    assert not {"MetricName", "Namespace", "Period", "Statistic"} & set(found)


def test_the_query_protocol_tells_as_much(shared_cloud: Cloud) -> None:
    """The provider speaks it; MiniStack's own answer has neither actions nor dimensions there."""
    shared_cloud.client("cloudwatch").put_metric_alarm(
        AlarmName="queried",
        MetricName="Errors",
        Namespace="Test",
        Statistic="Sum",
        Period=60,
        Dimensions=[{"Name": "Site", "Value": "a&b"}],
        AlarmActions=[TOPIC],
        **COMMON,
    )
    form = urllib.parse.urlencode({"Action": "DescribeAlarms", "AlarmNames.member.1": "queried"}).encode()
    scope = "AWS4-HMAC-SHA256 Credential=berth/20260101/us-east-1/monitoring/aws4_request"
    asked = urllib.request.Request(f"http://127.0.0.1:{shared_cloud.port}/", form, {"Authorization": scope})
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 -- this machine
        text = answer.read().decode()
    assert f"<AlarmActions><member>{TOPIC}</member></AlarmActions>" in text
    assert "<Dimensions><member><Name>Site</Name><Value>a&amp;b</Value></member></Dimensions>" in text
    assert "<ActionsEnabled>true</ActionsEnabled><" in text
