from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from ops import account
from ops.place import Place
from tests.conftest import make_config

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"


class Aws:
    """An account: its number, its quotas by code, the status of its certificates."""

    def __init__(self, *, quotas: dict[str, float] | None = None, certificate: str = "ISSUED") -> None:
        self.quotas = quotas
        self.certificate = certificate

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012"}

    def get_service_quota(self, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803 - AWS's spelling
        if self.quotas is None:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, ServiceCode)
        return {"Quota": {"Value": self.quotas.get(QuotaCode, 1000.0)}}

    def describe_certificate(self, CertificateArn: str) -> dict[str, Any]:  # noqa: N803 - AWS's spelling
        assert CertificateArn == CERTIFICATE
        return {"Certificate": {"Status": self.certificate}}


def _place(folder: Path, aws: object, **changes: Any) -> Place:
    services = ("sts", "service-quotas", "acm")
    return Place("test", folder, folder / ".berth", make_config(**changes), dict.fromkeys(services, aws))


def test_an_account_that_fits(tmp_path: Path) -> None:
    """Nothing to say."""
    assert list(account.problems(_place(tmp_path, Aws(quotas={})))) == []


def test_no_credentials_is_the_only_problem_told(tmp_path: Path) -> None:
    """Nothing else can be asked without them."""

    class Nobody(Aws):
        def get_caller_identity(self) -> dict[str, str]:
            raise NoCredentialsError

    found = list(account.problems(_place(tmp_path, Nobody(quotas={}))))
    assert found == ["AWS credentials: Unable to locate credentials; sign in first (aws sso login, AWS_PROFILE …)"]


def test_the_wrong_account(tmp_path: Path) -> None:
    """Both numbers and the key are named."""
    (found,) = account.problems(_place(tmp_path, Aws(quotas={}), account_id="210987654321"))
    assert found == (
        "environments/test.yaml: account_id: the credentials are of account 123456789012, "
        "got '210987654321'; sign in to that account"
    )


def test_a_quota_that_is_too_small(tmp_path: Path) -> None:
    """Three zones with a NAT gateway each need three addresses."""
    (found,) = account.problems(_place(tmp_path, Aws(quotas={"L-0263D0A3": 2})))
    assert found.startswith("AWS quota EC2-VPC Elastic IPs (L-0263D0A3): 3 are needed, the account has 2;")


def test_quotas_that_may_not_be_read(tmp_path: Path) -> None:
    """Not everyone may read quotas; that alone stops nobody."""
    assert list(account.problems(_place(tmp_path, Aws()))) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"VPCs per Region": 1, "EC2-VPC Elastic IPs": 3, "Fargate On-Demand vCPU resource count": 3}),
        ({"network": {"nat": "single"}, "cluster": {"platform": "ecs"}},
         {"VPCs per Region": 1, "EC2-VPC Elastic IPs": 1}),
    ],
)  # fmt: skip
def test_what_the_settings_need(changes: dict[str, Any], expected: dict[str, float]) -> None:
    """Addresses by NAT gateway, processors by task at full scale."""
    assert {quota.name: quota.wanted for quota in account.quotas(make_config(**changes))} == expected


def test_a_certificate_that_is_not_issued(tmp_path: Path) -> None:
    """Terraform would wait for it for ever."""
    place = _place(
        tmp_path, Aws(quotas={}, certificate="PENDING_VALIDATION"), load_balancer={"certificate_arn": CERTIFICATE}
    )
    (found,) = account.problems(place)
    assert found.startswith("environments/test.yaml: certificate_arn: is not issued but PENDING_VALIDATION, got")
