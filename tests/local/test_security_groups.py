import pytest

from tests.local.conftest import Cloud

pytestmark = pytest.mark.cloud

EVERYTHING = {"IpProtocol": "-1", "FromPort": 0, "ToPort": 0, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def test_the_rule_that_allows_everything_can_be_revoked(shared_cloud: Cloud) -> None:
    """The provider names ports, which mean nothing for all protocols."""
    ec2 = shared_cloud.client("ec2")
    group = ec2.create_security_group(GroupName="closed", Description="closed")["GroupId"]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[EVERYTHING])
    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"] == []


def test_a_prefix_list_is_kept(shared_cloud: Cloud) -> None:
    """The rule says what it allows, at creation and later."""
    ec2 = shared_cloud.client("ec2")
    group = ec2.create_security_group(GroupName="listed", Description="listed")["GroupId"]
    allowed = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "PrefixListIds": [{"PrefixListId": "pl-1", "Description": "to S3"}],
    }
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "Name", "Value": "s3"}]}]
    made = ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[allowed], TagSpecifications=tags)
    identity = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    (rule,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[identity])["SecurityGroupRules"]
    assert (rule["PrefixListId"], rule["Description"], rule["Tags"]) == ("pl-1", "to S3", tags[0]["Tags"])
