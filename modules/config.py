"""The settings of one environment: `environments/<name>.yaml` as frozen models. No provider is imported here.

Each class is one block of the file; every field is documented there and in `environments/schema.json`.
"""

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

NAME = r"^[a-z]([a-z0-9-]*[a-z0-9])?$"
HOST = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"
DURATION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)


def _private_vpc(cidr: IPv4Network) -> IPv4Network:
    if not cidr.is_private:
        msg = "must lie in a private range (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)"
        raise ValueError(msg)
    if not 16 <= cidr.prefixlen <= 20:  # noqa: PLR2004 - AWS allows /16 to /28; six subnets of 250 need a /20
        msg = "must be between a /16 and a /20"
        raise ValueError(msg)
    return cidr


def _log_retention(days: int) -> int:
    if days not in DURATION_DAYS:
        msg = f"CloudWatch Logs keeps for one of {', '.join(map(str, DURATION_DAYS))} days"
        raise ValueError(msg)
    return days


VpcCidr = Annotated[IPv4Network, AfterValidator(_private_vpc)]
RetentionDays = Annotated[int, AfterValidator(_log_retention)]
Name = Annotated[str, Field(pattern=NAME)]
Host = Annotated[str, Field(pattern=HOST, max_length=253)]
Language = Literal["en", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "uk", "zh", "zh-hans", "zh-hant"]
Percent = Annotated[int, Field(ge=10, le=90)]


class Settings(BaseModel):
    """Shared behaviour: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


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


class Instances(Settings):
    """The Auto Scaling group behind `platform: ecs`."""

    type: str = "t3.small"
    """EC2 instance type; its processor must match `architecture` of the cluster."""
    min: int = Field(2, ge=0, le=1000)
    """Fewest instances."""
    max: int = Field(6, ge=1, le=1000)
    """Most instances."""
    volume_gib: int = Field(30, ge=30, le=16384)
    """Root volume in GiB; the ECS-optimised image needs 30."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            msg = f"min must not exceed max, got {self.min} > {self.max}"
            raise ValueError(msg)
        return self


class Cluster(Settings):
    """Where containers run."""

    platform: Literal["fargate", "ecs"] = "fargate"
    """`fargate`: no servers to keep; `ecs`: EC2 instances in an Auto Scaling group."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """Processor of the containers; images must be built for it."""
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


class Database(Settings):
    """The site's RDS instance."""

    engine: Literal["mariadb", "mysql"] = "mariadb"
    """Database engine."""
    version: str = "11.8"
    """Engine version: 11.8, 11.4, 10.11 (mariadb) or 8.4, 8.0 (mysql)."""
    instance_class: str = Field("db.t4g.small", pattern=r"^db\.[a-z0-9]+\.[a-z0-9]+$")
    """RDS instance class."""
    storage_gib: int = Field(20, ge=20, le=65536)
    """Storage at the start, GiB."""
    max_storage_gib: int = Field(100, ge=20, le=65536)
    """Storage grows by itself up to this size, GiB."""
    multi_az: bool = True
    """Keep a standby in a second zone."""
    backup_days: int = Field(14, ge=1, le=35)
    """Days that automatic backups are kept."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        versions = {"mariadb": ("11.8", "11.4", "10.11"), "mysql": ("8.4", "8.0")}[self.engine]
        if self.version not in versions:
            msg = f"version must be one of {', '.join(versions)} for {self.engine}, got {self.version}"
            raise ValueError(msg)
        if self.max_storage_gib < self.storage_gib:
            msg = f"max_storage_gib must not be below storage_gib, got {self.max_storage_gib} < {self.storage_gib}"
            raise ValueError(msg)
        return self


class Files(Settings):
    """The site's EFS file system."""

    throughput: Literal["elastic", "bursting"] = "elastic"
    """EFS throughput mode."""
    backups: bool = True
    """Daily automatic backups by AWS Backup."""


class Scaling(Settings):
    """How many copies of the container serve the site."""

    min: int = Field(2, ge=1, le=200)
    """Fewest tasks."""
    max: int = Field(6, ge=1, le=200)
    """Most tasks."""
    cpu_percent: Percent = 60
    """Average CPU that scaling aims at."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            msg = f"min must not exceed max, got {self.min} > {self.max}"
            raise ValueError(msg)
        return self


class Deployment(Settings):
    """How a new version replaces the old one."""

    min_healthy_percent: int = Field(100, ge=0, le=100)
    """Share of the wanted tasks that must stay healthy meanwhile."""
    max_percent: int = Field(200, ge=100, le=400)
    """Most tasks at the same time, in percent of those wanted."""

    @model_validator(mode="after")
    def _can_move(self) -> Self:
        if self.min_healthy_percent == 100 == self.max_percent:  # noqa: PLR2004
            msg = "nothing could ever be replaced with min_healthy_percent 100 and max_percent 100"
            raise ValueError(msg)
        return self


class Site(Settings):
    """One wiki."""

    app: Literal["mediawiki"] = "mediawiki"
    """Application."""
    host: Host
    """Host name under which people reach it."""
    title: str = Field("Wiki", min_length=1, max_length=100)
    """Name shown on its pages."""
    language: Language = "en"
    """Language code of its content; one of those baked into the image."""
    timezone: str = Field("UTC", pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$")
    """Time zone of its pages."""
    admin_user: str = Field("Admin", pattern=r"^[A-Z][A-Za-z0-9 ]{0,40}$")
    """First administrator; the password is generated and kept in Secrets Manager."""
    extensions: tuple[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]*$")], ...] = ()
    """Bundled extensions to load; they are baked into the site's image."""
    certificate_arn: str | None = Field(None, pattern=r"^arn:aws[a-z-]*:acm:")
    """ACM certificate for this host, added to the HTTPS listener."""
    rule_priority: int | None = Field(None, ge=1, le=50000)
    """Order among the load balancer's rules; default: computed from the site's name."""
    cpu: int = Field(512, ge=256, le=16384)
    """CPU units of a task (1024 = one vCPU)."""
    memory_mib: int = Field(1024, ge=512, le=122880)
    """Memory of a task, MiB."""
    php_workers: int = Field(6, ge=1, le=500)
    """PHP processes in a task."""
    read_only: str = Field("", max_length=200)
    """A reason here makes the wiki read-only and is shown to editors."""
    scaling: Scaling = Scaling()
    """Number of tasks."""
    deployment: Deployment = Deployment()
    """Rolling deployment."""
    database: Database = Database()
    """Its database."""
    files: Files = Files()
    """Its shared files."""
    log_retention_days: RetentionDays = 30
    """Days that its logs are kept."""


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
    sites: dict[Annotated[str, Field(pattern=NAME, max_length=14)], Site] = Field(default_factory=dict)
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
