import pytest

from tests.local.conftest import Cloud, free_port

pytestmark = pytest.mark.cloud

DEFAULT, MORE = (f"arn:aws:acm:us-east-1:000000000000:certificate/{number}" for number in (1, 2))


def test_a_listener_takes_more_certificates(shared_cloud: Cloud) -> None:
    """They are listed beside the default one, and taken away again."""
    elb = shared_cloud.client("elbv2")
    balancer = elb.create_load_balancer(Name="sealed", Subnets=["subnet-1"])["LoadBalancers"][0]["LoadBalancerArn"]
    action = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    made = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=free_port(),
        Certificates=[{"CertificateArn": DEFAULT}],
        DefaultActions=action,
    )
    listener = made["Listeners"][0]["ListenerArn"]
    elb.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": MORE}])
    found = elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    assert [(each["CertificateArn"], each["IsDefault"]) for each in found] == [(DEFAULT, True), (MORE, False)]
    elb.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": MORE}])
    assert len(elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]) == 1
    elb.delete_load_balancer(LoadBalancerArn=balancer)
