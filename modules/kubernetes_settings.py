"""The settings of an environment on any Kubernetes cluster: `environments/<name>.yaml` with a `kubernetes:` block.

No provider is imported here.
"""

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from modules.app_settings import MediaWiki, WordPress, app_tag
from modules.config import Images
from modules.settings import NAME, Settings

ObjectName = Annotated[str, Field(pattern=NAME, max_length=63)]
Namespace = ObjectName


class Kubernetes(Settings):
    """What the cluster offers, and what all sites on it share."""

    namespace: Namespace | None = None
    """Namespace of the sites; default: `berth-<environment>`."""
    registry: str = Field(pattern=r"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$", max_length=200)
    """Where images are pushed to and pulled from, such as `registry.example.org/berth`; `/<application>` is added."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """Processor of the nodes; images are built for it, by qemu where this machine has another."""
    pull_secret: ObjectName | None = None
    """Secret of the namespace with the registry's log-in; default: none is needed."""
    storage_class: ObjectName | None = None
    """Storage class of all volumes; default: the cluster's own."""
    callers: tuple[Namespace, ...] = ()
    """Namespaces that may connect to the sites, such as the ingress controller's; default: all."""
    trusted_proxies: tuple[IPv4Network, ...] = tuple(
        map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
    )
    """Addresses whose X-Forwarded-* headers are believed: those of the ingress controller's pods."""


class Ingress(Settings):
    """How an ingress controller leads to the site."""

    class_name: ObjectName | None = None
    """Its class; default: the cluster's own."""
    tls_secret: ObjectName | None = None
    """Secret of the namespace with the host's certificate; default: plain HTTP."""
    annotations: dict[str, str] = Field(default_factory=dict)
    """Annotations that the controller understands."""


class Gateway(Settings):
    """How a Gateway leads to the site."""

    name: ObjectName
    """Its name."""
    namespace: Namespace | None = None
    """Its namespace; default: the sites' own."""
    tls: bool = True
    """Whether it speaks HTTPS with people."""


class Service(Settings):
    """How the site is reached within the cluster, or at the nodes."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    """Type of the Service."""
    node_port: int | None = Field(None, ge=30000, le=32767)
    """Port of every node, with `type: NodePort`; default: the cluster chooses."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.node_port is not None and self.type != "NodePort":
            msg = f"node_port goes with type NodePort, got {self.type}"
            raise ValueError(msg)
        return self


class Dumps(Settings):
    """Dumps of the database, on a volume of their own."""

    schedule: str = Field("17 3 * * *", pattern=r"^(\S+ ){4}\S+$")
    """When, in cron's words and in UTC."""
    keep: int = Field(14, ge=1, le=1000)
    """How many are kept."""
    storage_gib: int = Field(20, ge=1, le=65536)
    """Size of the volume, GiB."""


class Server(Settings):
    """A MariaDB server of the site's own, in the cluster."""

    image: str = "docker.io/library/mariadb:11.8"
    """Its image: the official one, or one with the same interface."""
    storage_gib: int = Field(20, ge=1, le=65536)
    """Size of its volume, GiB."""
    memory_mib: int = Field(1024, ge=256, le=1048576)
    """Memory, MiB; half of it is the buffer pool's."""
    dumps: Dumps | None = Dumps()
    """Dumps; `null`: none."""


class External(Settings):
    """A database server that is there already; its administrator's log-in is a Secret of the namespace."""

    host: str = Field(pattern=r"^[A-Za-z0-9.-]+$", max_length=253)
    """Its name, the one that its certificate is made out to."""
    port: int = Field(3306, ge=1, le=65535)
    """Its port."""
    admin_secret: ObjectName
    """Secret with the keys `username` and `password` of a user who may create databases and users."""
    authority: Literal["none", "rds"] = "none"
    """Whose certificates the server's own is verified by: `rds`, Amazon's for RDS; `none`: the connection is plain."""


class Database(Settings):
    """The site's database: a server in the cluster, or one that is there already."""

    server: Server | None = None
    """A server of its own; the default where `external` is not set."""
    external: External | None = None
    """A server that is there already."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.server and self.external:
            msg = "server and external exclude each other"
            raise ValueError(msg)
        return self


class Files(Settings):
    """The site's shared files."""

    mode: Literal["uploads", "extensions"] = "uploads"
    """`uploads`: code is the image's alone; `extensions`: people install a blog's plugins and themes in wp-admin."""
    storage_gib: int = Field(20, ge=1, le=65536)
    """Size of the volume, GiB."""
    access_mode: Literal["ReadWriteMany", "ReadWriteOnce"] = "ReadWriteMany"
    """`ReadWriteMany` for several nodes; `ReadWriteOnce` where all pods run on one."""


class OnKubernetes(Settings):
    """What a site has on Kubernetes, whatever its application."""

    ingress: Ingress | None = None
    """An ingress for `host`."""
    gateway: Gateway | None = None
    """A route of a Gateway for `host`."""
    service: Service = Service()
    """The Service."""
    url: str | None = Field(None, pattern=r"^https?://[^\s/]+$")
    """Address that people type; default: that of `host`, with HTTPS where the ingress or the gateway has it."""
    database: Database = Database()
    """Its database."""
    files: Files = Files()
    """Its shared files."""

    @model_validator(mode="after")
    def _one_road(self) -> Self:
        if self.ingress and self.gateway:
            msg = "ingress and gateway exclude each other"
            raise ValueError(msg)
        return self


class MediaWikiOnKubernetes(MediaWiki, OnKubernetes):
    """A wiki on Kubernetes."""


class WordPressOnKubernetes(WordPress, OnKubernetes):
    """A blog on Kubernetes."""


AnyKubernetesSite = Annotated[
    Annotated[MediaWikiOnKubernetes, Tag("<mediawiki>")] | Annotated[WordPressOnKubernetes, Tag("<wordpress>")],
    Discriminator(app_tag),
]
"""A site of any application; `app` says which, and without it it is a wiki."""


class KubernetesConfig(Settings):
    """Everything about one environment on Kubernetes."""

    environment: str = Field(pattern=NAME, max_length=10)
    """Name of the environment; the file's name without `.yaml`."""
    kubernetes: Kubernetes
    """The cluster."""
    images: Images = Images()
    """Images of the sites."""
    sites: dict[Annotated[str, Field(pattern=NAME, max_length=14)], AnyKubernetesSite] = Field(default_factory=dict)
    """The sites, by name."""

    @property
    def namespace(self) -> str:
        """Namespace of the sites."""
        return self.kubernetes.namespace or f"berth-{self.environment}"
