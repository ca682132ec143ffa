"""What the AWS account must offer: valid credentials of the right account, quotas, issued certificates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from modules.config import Config
from ops.place import Place

CPU_UNITS_PER_VCPU = 1024


@dataclass(frozen=True)
class Quota:
    """A service quota, and how many of its things the settings ask for."""

    service: str
    code: str
    name: str
    wanted: float


def problems(place: Place) -> Iterator[str]:
    """Yield what stands in the way; without credentials nothing else can be asked."""
    refused = _identity(place)
    if refused:
        yield refused
        return
    for quota in quotas(place.config):
        yield from _exceeded(place, quota)
    yield from _certificates(place)


def quotas(config: Config) -> tuple[Quota, ...]:
    """Return what the settings need of the account's quotas."""
    network = config.network
    addresses = {"none": 0, "single": 1, "per_zone": network.zones}[network.nat]
    vcpus = sum(site.scaling.max * site.cpu for site in config.sites.values()) / CPU_UNITS_PER_VCPU
    wanted = [
        Quota("vpc", "L-F678F1CE", "VPCs per Region", 1),
        Quota("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", addresses),
    ]
    if config.cluster.platform == "fargate":
        wanted.append(Quota("fargate", "L-3032A538", "Fargate On-Demand vCPU resource count", vcpus))
    return tuple(wanted)


def _identity(place: Place) -> str | None:
    try:
        found = place.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        return f"AWS credentials: {error}; sign in first (aws sso login, AWS_PROFILE …)"
    if place.config.account_id not in (None, found):
        return (
            f"environments/{place.env}.yaml: account_id: the credentials are of account {found}, "
            f"got {place.config.account_id!r}; sign in to that account"
        )
    return None


def _exceeded(place: Place, quota: Quota) -> Iterator[str]:
    """Yield a complaint; a quota that may not be read is no problem, not everyone is allowed to."""
    try:
        answer: Any = place.client("service-quotas").get_service_quota(ServiceCode=quota.service, QuotaCode=quota.code)
    except ClientError:
        return
    allowed = answer["Quota"]["Value"]
    if quota.wanted > allowed:
        yield (
            f"AWS quota {quota.name} ({quota.code}): {quota.wanted:g} are needed, the account has {allowed:g}; "
            "ask for more in the Service Quotas console"
        )


def _certificates(place: Place) -> Iterator[str]:
    """Yield each certificate that is not issued yet: it would be waited for without end."""
    sites = place.config.sites.values()
    wanted = [place.config.load_balancer.certificate_arn, *(site.certificate_arn for site in sites)]
    for arn in dict.fromkeys(filter(None, wanted)):
        try:
            status = place.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]["Status"]
        except ClientError as error:
            status = error.response["Error"]["Code"]
        if status != "ISSUED":
            yield (
                f"environments/{place.env}.yaml: certificate_arn: is not issued but {status}, got {arn!r}; "
                "prove the domain first"
            )
