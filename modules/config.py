"""The settings of one environment: `environments/<name>.yaml` as frozen models. No provider is imported here.

Each class is one block of the file; every field is documented there and in `environments/schema.json`.
"""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from modules.settings import NAME, Bounds, RetentionDays, Settings
from modules.site_settings import AnySite


def _private_vpc(cidr: IPv4Network) -> IPv4Network:
    if not cidr.is_private:
        msg = "must lie in a private range (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)"
        raise ValueError(msg)
    if not 16 <= cidr.prefixlen <= 20:  # noqa: PLR2004 - AWS allows /16 to /28; six subnets of 250 need a /20
        msg = "must be between a /16 and a /20"
        raise ValueError(msg)
    return cidr


VpcCidr = Annotated[IPv4Network, AfterValidator(_private_vpc)]


class EmbeddedCloud(Settings):
    """The cloud that runs on this machine instead of AWS."""

    port: int = Field(4566, ge=1024, le=65534)
    """Port of the AWS API on loopback; the load balancer's HTTP listener takes the next one."""


class State(Settings):
    """Where Terraform keeps its state."""

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    """S3 bucket, made by `make bootstrap`; the name must be yours alone in all of AWS."""
    kms_key_arn: str | None = None
    """Customer-managed key for the state; without it the bucket's own default encryption is used."""


class FlowLogs(Settings):
    """Records of the network's traffic."""

    retention_days: RetentionDays = 30
    """Days that flow logs are kept in CloudWatch Logs."""


class Network(Settings):
    """The VPC."""

    cidr: VpcCidr = IPv4Network("10.0.0.0/16")
    """Address range, /16 to /20; each zone gets one public and one private sixteenth of it."""
    zones: int = Field(3, ge=2, le=4)
    """Availability Zones used; a load balancer needs two."""
    nat: Literal["none", "single", "per_zone"] = "per_zone"
    """NAT gateways: `per_zone` survives the loss of a zone, `single` costs a third, `none` leaves tasks offline."""
    interface_endpoints: bool = False
    """Private endpoints for ECR, CloudWatch Logs and Secrets Manager; required with `nat: none` on AWS."""
    flow_logs: FlowLogs | None = FlowLogs()
    """Flow logs of the VPC; `null` turns them off."""


class Instances(Bounds):
    """The Auto Scaling group behind `platform: ecs`."""

    type: str = "t3.small"
    """EC2 instance type; its processor must match `architecture` of the cluster."""
    min: int = Field(2, ge=0, le=1000)
    """Fewest instances."""
    max: int = Field(6, ge=1, le=1000)
    """Most instances."""
    volume_gib: int = Field(30, ge=30, le=16384)
    """Root volume in GiB; the ECS-optimised image needs 30."""


class Cluster(Settings):
    """Where containers run."""

    platform: Literal["fargate", "ecs"] = "fargate"
    """`fargate`: no servers to keep; `ecs`: EC2 instances in an Auto Scaling group."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """Processor of the containers; images are built for it, by qemu where this machine has another."""
    instances: Instances = Instances()
    """Used by `platform: ecs` only."""


class LoadBalancer(Settings):
    """The application load balancer that all sites share."""

    http_port: int | None = Field(None, ge=1, le=65535)
    """Port for HTTP; default 80, on the embedded cloud its port + 1."""
    certificate_arn: str | None = Field(None, pattern=r"^arn:aws[a-z-]*:acm:")
    """ACM certificate; with one, HTTPS answers on 443 and HTTP redirects to it."""
    allowed_cidrs: tuple[IPv4Network, ...] = (IPv4Network("0.0.0.0/0"),)
    """Who may connect."""
    idle_timeout: int = Field(120, ge=1, le=4000)
    """Seconds that an idle connection is kept."""


class Images(Settings):
    """How images are released."""

    signing_key: str | None = Field(None, min_length=1)
    """Key that cosign signs pushed images with, such as `awskms:///alias/berth-images`; default: no signature."""


class Config(Settings):
    """Everything about one environment."""

    environment: str = Field(pattern=NAME, max_length=10)
    """Name of the environment; the file's name without `.yaml`."""
    region: str = Field("us-east-1", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    """AWS region."""
    account_id: str | None = Field(None, pattern=r"^\d{12}$")
    """AWS account; any other is refused."""
    embedded_cloud: EmbeddedCloud | None = None
    """Present: everything runs on this machine. Absent: on AWS."""
    protection: bool = True
    """Databases, load balancers and repositories refuse to be deleted; an AWS database leaves a snapshot either way."""
    state: State
    """Terraform's state."""
    network: Network = Network()
    """The VPC."""
    cluster: Cluster = Cluster()
    """Where containers run."""
    load_balancer: LoadBalancer = LoadBalancer()
    """The load balancer."""
    images: Images = Images()
    """Images of the sites."""
    sites: dict[Annotated[str, Field(pattern=NAME, max_length=14)], AnySite] = Field(default_factory=dict)
    """The sites, by name."""

    @property
    def local(self) -> bool:
        """Whether the embedded cloud takes AWS's place."""
        return self.embedded_cloud is not None

    @property
    def http_port(self) -> int:
        """Port of the load balancer's HTTP listener."""
        if self.load_balancer.http_port is not None:
            return self.load_balancer.http_port
        return self.embedded_cloud.port + 1 if self.embedded_cloud else 80
