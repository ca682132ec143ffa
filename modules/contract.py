"""What apps, backing services and clusters say to each other; no provider is imported here.

An *app* describes containers (`Workload`), a *backing service* offers `Binding`s, a *cluster* runs workloads.
A secret is always a reference, never a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

UID = 10001
"""User and group id of every Berth container, shared with the EFS access point and security contexts."""

PORT = 8080
"""TCP port on which every Berth image answers HTTP."""

WRITABLE = ("/tmp", "/run/berth", "/var/cache/berth")  # noqa: S108 - folders of the image, not of this process
"""Folders that an image declares writable; everything else is read-only."""

ADMIN_KEYS = ("admin_user", "admin_password")
"""Keys of an application's own secret that its first administrator is made of."""

FILES = "/srv/files"
"""Folder at which the shared files are mounted."""

RDS_AUTHORITY = "/usr/local/share/berth/rds-ca.pem"
"""Where images have the certificates of RDS."""

NEEDS_BACKUP = 3
"""Exit code of a migration that would change the schema and was told to ask for a backup first."""


@dataclass(frozen=True, kw_only=True)
class SecretKey:
    """One key of a JSON secret: `arn` of a Secrets Manager secret, `key` inside its JSON object."""

    arn: str
    key: str


@dataclass(frozen=True, kw_only=True)
class KubernetesSecretKey:
    """One key of a Secret called `name` in the workload's own namespace."""

    name: str
    key: str


SecretReference = SecretKey | KubernetesSecretKey
"""Where a secret is kept; each platform knows its own kind."""


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A shared file system, seen by the container at `path` through an access point."""

    path: str
    file_system_id: str
    file_system_arn: str
    access_point_id: str
    access_point_arn: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A PersistentVolumeClaim called `name` in the workload's own namespace, seen by the container at `path`."""

    path: str
    name: str


AnyVolume = TypeVar("AnyVolume", Mount, Claim)
Volume = Mount | Claim
"""Files that containers share; each platform knows its own kind."""


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What a backing service offers to containers: settings, secret references, mounts, security groups to join.

    `readable`: ARNs of S3 objects that the containers may read.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    mounts: tuple[Volume, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()


JobName = Literal["provision", "migrate", "serve"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One of the three things an image does: what it is started with, and the secrets only it may see.

    `command`: arguments for the image's entrypoint; default the job's name, empty for the image's own.
    """

    name: JobName
    command: tuple[str, ...] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    mounts: tuple[Volume, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """Arguments given to the image's entrypoint."""
        return (self.name,) if self.command is None else self.command

    def mounts_of(self, kind: type[AnyVolume], platform: str) -> list[AnyVolume]:
        """Return the mounts, all of the one kind that `platform` knows; TypeError otherwise."""
        found = [mount for mount in self.mounts if isinstance(mount, kind)]
        if len(found) != len(self.mounts):
            msg = f"{platform} mounts nothing but {kind.__name__}, got {self.mounts}"
            raise TypeError(msg)
        return found


@dataclass(frozen=True, kw_only=True)
class Image:
    """What a site wants of its image: variables of the playbooks `<app>` and `<app>-site`, as JSON values.

    `release` decides what the application's own link of the chain holds, `site` what is baked on top of it.
    `architecture`: processor it is built for, `x86_64` or `arm64`.
    """

    app: str
    release: Mapping[str, Any] = field(default_factory=dict)
    site: Mapping[str, Any] = field(default_factory=dict)
    architecture: str = "x86_64"

    def on(self, architecture: str) -> "Image":
        """Return the same image for another processor."""
        return replace(self, architecture=architecture)


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A container image with its jobs, and what a cluster needs to run it.

    Every platform runs `provision` (database and user exist), then `migrate` (install or upgrade, once), then `serve`;
    an image that has nothing to prepare leaves the first two out. `cpu` in CPU units (1024 = one vCPU), `memory_mib` in
    MiB, times in seconds. `readable`: ARNs of S3 objects that its containers may read. `live_command` empty: no
    container health check.
    """

    name: str
    image: str
    serve: Job
    provision: Job | None = None
    migrate: Job | None = None
    cpu: int = 512
    memory_mib: int = 1024
    port: int = PORT
    user: int = UID
    writable: tuple[str, ...] = WRITABLE
    security_group_ids: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    live_command: tuple[str, ...] = ("/usr/local/bin/health",)
    live_path: str = "/healthz"
    ready_path: str = "/readyz"
    stop_timeout: int = 30
    start_period: int = 60

    @property
    def preparation(self) -> tuple[Job, ...]:
        """Return the jobs that run, in this order, before the workload serves."""
        return tuple(job for job in (self.provision, self.migrate) if job)


@dataclass(frozen=True, kw_only=True)
class Backing:
    """What a site's containers are bound to; `keys`: the keys of the application's own secret, by name.

    `backs_up`: the platform takes a backup where a migration asks for one.
    """

    database: Binding
    database_admin: Binding
    files: Binding
    keys: Mapping[str, SecretReference]
    config: Binding = Binding()
    mail: Binding = Binding()
    cache: Binding = Binding()
    backs_up: bool = True


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How a site is served, whatever its application.

    `address`: the URL that people reach it at, or "forwarded" or "metadata"; `fallback`: with "forwarded", the URL of
    what no request asks for. `trusted_proxies`: address ranges whose X-Forwarded-* headers are believed.
    `page_cache_seconds`: 0 keeps no pages. `cpu` in CPU units (1024 = one vCPU), sizes in MiB.
    """

    title: str
    address: str
    fallback: str = ""
    language: str = "en"
    timezone: str = "UTC"
    php_workers: int = 6
    upload_mib: int = 64
    page_cache_seconds: int = 60
    trusted_proxies: tuple[str, ...] = ()
    cpu: int = 512
    memory_mib: int = 1024

    @property
    def env(self) -> dict[str, str]:
        """The settings that every application reads under the same name."""
        return {
            "SERVER_FALLBACK": self.fallback,
            "TRUSTED_PROXIES": ",".join(self.trusted_proxies),
            "PHP_WORKERS": str(self.php_workers),
            "UPLOAD_MIB": str(self.upload_mib),
            "PAGE_CACHE_SECONDS": str(self.page_cache_seconds),
        }


def site_workload(
    name: str,
    image: str,
    backing: Backing,
    serving: Serving,
    *,
    prefix: str,
    env: Mapping[str, str],
    secrets: Mapping[str, SecretReference],
) -> Workload:
    """Return the workload of a site: who of its three jobs gets which settings, secrets and files.

    `env` and `secrets` are the application's own, `prefix` is what the names of its variables begin with. Only its
    installation sees the administrator's. Where the platform takes backups, a migration that would change the schema
    ends with code 3, until it is run again with MIGRATE_BACKUP=taken.
    """
    database, mail, cache = backing.database, backing.mail, backing.cache
    install = {f"{prefix}_{key.upper()}": backing.keys[key] for key in ADMIN_KEYS}
    env = {**database.env, **cache.env, **backing.config.env, **serving.env, **env}
    secrets = {**database.secrets, **cache.secrets, **secrets}
    admin = {**database.secrets, **backing.database_admin.secrets}
    mounts = backing.files.mounts
    return Workload(
        name=name,
        image=image,
        cpu=serving.cpu,
        memory_mib=serving.memory_mib,
        security_group_ids=database.security_group_ids,
        readable=backing.config.readable,
        provision=Job(name="provision", env=dict(database.env), secrets=admin),
        migrate=Job(
            name="migrate",
            env={**env, "MIGRATE_BACKUP": "required" if backing.backs_up else ""},
            secrets={**secrets, **install},
            mounts=mounts,
        ),
        serve=Job(name="serve", env={**env, **mail.env}, secrets={**secrets, **mail.secrets}, mounts=mounts),
    )
