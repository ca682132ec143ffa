import json
import urllib.request

import pytest
from botocore.exceptions import ClientError

from local.adapter import unimplemented
from tests.local.conftest import Cloud


@pytest.mark.parametrize(
    ("status", "body", "missing"),
    [
        (400, b"<Code>InvalidAction</Code>", True),
        (400, b'{"__type": "InvalidOperationException", "message": "Unknown action: X"}', True),
        (400, b'{"error": "Unsupported service: glacier"}', True),
        (500, b'{"__type": "InternalError"}', True),
        (400, b"<Code>LoadBalancerNotFound</Code>", False),
        (404, b'{"errorCode": "FileSystemNotFound"}', False),
        (200, b"Unknown action", False),
    ],
)
def test_an_unknown_call_is_told_from_a_refused_one(status: int, body: bytes, missing: bool) -> None:
    """Every protocol has its own way to say so; a crash counts as well."""
    assert unimplemented.says_missing(status, body) is missing


@pytest.mark.cloud
def test_calls_that_the_cloud_cannot_answer_are_listed(shared_cloud: Cloud) -> None:
    """Each is there once, by service and action; the ones answered are not."""
    elb = shared_cloud.client("elbv2")
    elb.describe_load_balancers()
    for _ in range(2):
        with pytest.raises(ClientError):
            elb.describe_trust_stores()
    with urllib.request.urlopen(f"http://127.0.0.1:{shared_cloud.port}/_berth/unimplemented") as answer:
        found = json.load(answer)
    assert found.count({"service": "elasticloadbalancing", "action": "DescribeTrustStores"}) == 1
    assert "DescribeLoadBalancers" not in {call["action"] for call in found}
