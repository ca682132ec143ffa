"""The settings of a site that hold wherever it runs: what every application has, and what each has of its own.

No provider is imported here.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from modules.settings import Bounds, Host, Percent, Settings

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]+)*$", max_length=20)]
ExtensionName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
FileType = Annotated[str, Field(pattern=r"^[a-z0-9]+$", max_length=10)]
URL = r"^https?://[^\s'\"]+$"
PackageName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?/[a-z0-9]([a-z0-9._-]*[a-z0-9])?$")]
PackageVersion = Annotated[str, Field(pattern=r"^v?[0-9]+(\.[0-9]+)*(-[A-Za-z0-9.]+)?$")]
PhpSetting = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)*$")]


class Scaling(Bounds):
    """How many copies of the container serve the site."""

    min: int = Field(2, ge=1, le=200)
    """Fewest tasks."""
    max: int = Field(6, ge=1, le=200)
    """Most tasks."""
    cpu_percent: Percent = 60
    """Average CPU that scaling aims at."""


class Mail(Settings):
    """The server that mail, such as new passwords, goes through; its log-in is kept in Secrets Manager."""

    host: str = Field(pattern=r"^[A-Za-z0-9.-]+$", max_length=253)
    """Its name."""
    port: int = Field(587, ge=1, le=65535)
    """Its port; 465 speaks TLS from the first byte, others begin TLS before the log-in."""
    sender: str = Field(alias="from", pattern=r"^[^@\s]+@[^@\s]+$", max_length=100)
    """Address that mail comes from."""


class Cache(Settings):
    """An existing Valkey or Redis server that the site's replicas share; its password is kept in Secrets Manager."""

    host: str = Field(pattern=r"^[A-Za-z0-9.-]+$", max_length=253)
    """Its name."""
    port: int = Field(6379, ge=1, le=65535)
    """Its port."""
    tls: bool = True
    """It speaks TLS, with a certificate for its name that a public authority vouches for."""
    password: bool = False
    """It asks for a password."""


class Question(Settings):
    """A question that readers can answer and robots cannot."""

    question: str = Field(min_length=1, max_length=200)
    """What is asked."""
    answer: str = Field(min_length=1, max_length=100, pattern=r"\S")
    """The answer, in whatever case it is given."""


class Archive(Settings):
    """A .tar.gz file on the web."""

    url: str = Field(pattern=URL)
    """Where it is."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Its checksum; another content is refused."""


class Download(Archive):
    """Something that the application's release does not bring along."""

    name: ExtensionName
    """Name of its folder."""


def _named_or_download(value: Any) -> str | None:  # noqa: ANN401 - whatever YAML held, or a model
    if isinstance(value, str):
        return "<name>"
    return "<download>" if isinstance(value, dict | Download) else None


Extension = Annotated[
    Annotated[ExtensionName, Tag("<name>")] | Annotated[Download, Tag("<download>")],
    Discriminator(_named_or_download),
]
"""The name of something bundled, or a download. Tags in <> are no part of a key's path."""


class Composer(Settings):
    """PHP packages that the site's own PHP, its extensions or plugins use."""

    packages: dict[PackageName, PackageVersion] = Field(min_length=1)
    """Every package that is installed, by `vendor/name`, with its exact version; those that others need too."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Checksum of all that they hold; another content is refused, and the build says which one it found."""
    repositories: tuple[Annotated[str, Field(pattern=URL)], ...] = Field(("https://repo.packagist.org",), min_length=1)
    """Composer repositories that are asked, in this order, and no others."""


class Site(Settings):
    """One site, whatever its application."""

    host: Host
    """Host name under which people reach it."""
    title: str = Field("Wiki", min_length=1, max_length=100)
    """Name shown on its pages."""
    language: Language = "en"
    """Language code of its content, and of its pages."""
    release: Archive | None = None
    """The application's release; default: the one of Debian's package."""
    timezone: str = Field("UTC", pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$")
    """Time zone of its pages."""
    admin_user: str = Field("Admin", pattern=r"^[A-Z][A-Za-z0-9 ]{0,40}$")
    """First administrator; the password is generated and kept in Secrets Manager."""
    upload_mib: int = Field(64, ge=1, le=2048)
    """Largest upload in MiB: one limit for nginx, PHP and the application."""
    php: dict[PhpSetting, str | int | float | bool] = Field(default_factory=dict)
    """Further settings of php.ini, baked into the site's image."""
    composer: Composer | None = None
    """Composer packages, baked into the site's image; default: none."""
    mail: Mail | None = None
    """The server that mail goes through; default: no mail."""
    cache: Cache | None = None
    """Where replicas keep sessions and what they have worked out; default: in the database."""
    cpu: int = Field(512, ge=256, le=16384)
    """CPU units of a task (1024 = one vCPU)."""
    memory_mib: int = Field(1024, ge=512, le=122880)
    """Memory of a task, MiB."""
    php_workers: int = Field(6, ge=1, le=500)
    """PHP processes in a task."""
    page_cache_seconds: int = Field(60, ge=0, le=86400)
    """Longest time that readers without a session may see a page as it was before an edit; 0 keeps no pages."""
    scaling: Scaling = Scaling()
    """Number of tasks."""


class MediaWiki(Site):
    """A wiki."""

    app: Literal["mediawiki"] = "mediawiki"
    """Application."""
    languages: tuple[Language, ...] = ()
    """Further languages that readers may choose for the interface; English and the content's are always there."""
    extensions: tuple[Extension, ...] = ("Cite", "ParserFunctions", "WikiEditor")
    """Extensions to load, baked into the site's image: names of bundled ones, or downloads."""
    skins: tuple[Extension, ...] = ("Vector",)
    """Skins to load, in the same way."""
    default_skin: str = Field("vector-2022", pattern=r"^[a-z0-9-]+$")
    """Skin of readers who have chosen none."""
    features: tuple[Literal["svg", "pdf"], ...] = ()
    """Kinds of uploads that pictures are drawn of, and so may be uploaded: `svg`, and the pages of `pdf`."""
    read_only: str = Field("", max_length=200)
    """A reason here makes the wiki read-only and is shown to editors."""
    private: bool = False
    """Only people with an account read, and only they hand out accounts; no page is kept in a cache."""
    logo: str = Field("", pattern=r"^((https?:/)?/[^\s\"]+)?$", max_length=500)
    """Its logo: a URL, or a path such as /images/Logo.png of an upload."""
    upload_types: tuple[FileType, ...] = Field(("png", "gif", "jpg", "jpeg", "webp"), min_length=1)
    """Kinds of files that may be uploaded, by the ends of their names."""
    captcha: tuple[Question, ...] = ()
    """Questions against robots, asked of who makes an account, adds a link as a newcomer or fails to log in."""


class WordPress(Site):
    """A blog."""

    app: Literal["wordpress"]
    """Application."""
    admin_email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=100)
    """Address of the first administrator, which WordPress asks for."""
    languages: tuple[Language, ...] = ()
    """Further languages that people may choose for the interface; English and the content's are always there."""
    plugins: tuple[Extension, ...] = ()
    """Plugins in the site's image: names of bundled ones, or downloads; switched on in wp-admin."""
    themes: tuple[Extension, ...] = ()
    """Further themes in the site's image, in the same way; the default theme is always there."""
    multisite: Literal["subdomain", "subdirectory"] | None = None
    """Makes it a network of blogs, each with a subdomain or a path of its own."""
    title: str = Field("Blog", min_length=1, max_length=100)
    """Name shown on its pages."""


APPS = ("mediawiki", "wordpress")
"""Applications there are."""


def app_tag(value: Any) -> str | None:  # noqa: ANN401 - whatever YAML held, or a model
    """Return the application of a site, for a union of sites; without a word it is a wiki."""
    app = value.get("app", "mediawiki") if isinstance(value, dict) else getattr(value, "app", None)
    return None if app is None else f"<{app}>"
