import json

import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize("given", [{}, {"Id": "mine"}])
def test_a_policy_comes_back_as_it_was_put(shared_cloud: Cloud, given: dict) -> None:
    """Nothing is added to it."""
    efs = shared_cloud.client("efs")
    system = efs.create_file_system(CreationToken=f"policy-{len(given)}")
    statement = {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "*",
        "Resource": system["FileSystemArn"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", **given, "Statement": [statement]}
    efs.put_file_system_policy(FileSystemId=system["FileSystemId"], Policy=json.dumps(policy))
    found = efs.describe_file_system_policy(FileSystemId=system["FileSystemId"])
    assert json.loads(found["Policy"]) == policy
    efs.delete_file_system(FileSystemId=system["FileSystemId"])
