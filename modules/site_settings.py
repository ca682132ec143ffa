"""The settings of a site on AWS. No provider is imported here."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from modules.app_settings import MediaWiki, WordPress, app_tag
from modules.settings import RetentionDays, Settings

S3File = Annotated[str, Field(pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9!_.*'()/-]+\.php$")]


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

    mode: Literal["uploads", "extensions"] = "uploads"
    """`uploads`: code is the image's alone; `extensions`: people install a blog's plugins and themes in wp-admin."""
    throughput: Literal["elastic", "bursting"] = "elastic"
    """EFS throughput mode."""
    backups: bool = True
    """Daily automatic backups by AWS Backup."""


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


class OnAws(Settings):
    """What a site has on AWS, whatever its application."""

    server: Literal["settings", "forwarded", "metadata"] = "settings"
    """Its address in links: that of `host`, what the load balancer forwards, or each task's own, which ECS knows."""
    config: tuple[S3File, ...] = ()
    """Further settings in PHP, `s3://bucket/key.php`, fetched in this order before the site starts; yours win."""
    certificate_arn: str | None = Field(None, pattern=r"^arn:aws[a-z-]*:acm:")
    """ACM certificate for this host, added to the HTTPS listener."""
    rule_priority: int | None = Field(None, ge=1, le=50000)
    """Order among the load balancer's rules; default: computed from the site's name."""
    deployment: Deployment = Deployment()
    """Rolling deployment."""
    database: Database = Database()
    """Its database."""
    files: Files = Files()
    """Its shared files."""
    log_retention_days: RetentionDays = 30
    """Days that its logs are kept."""


class MediaWikiSite(MediaWiki, OnAws):
    """A wiki on AWS."""


class WordPressSite(WordPress, OnAws):
    """A blog on AWS."""


AnySite = Annotated[
    Annotated[MediaWikiSite, Tag("<mediawiki>")] | Annotated[WordPressSite, Tag("<wordpress>")], Discriminator(app_tag)
]
"""A site of any application; `app` says which, and without it it is a wiki."""
