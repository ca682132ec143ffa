"""MediaWiki: what its image holds, and as a workload which settings, secrets and files its three jobs get."""

from collections.abc import Mapping, Sequence

from modules.contract import Binding, Image, Job, SecretKey, Workload

SCHEMA = "mediawiki"
SECRET_KEYS = ("admin_user", "admin_password", "secret_key")
UPLOAD_TYPES = ("png", "gif", "jpg", "jpeg", "webp")
QUESTIONS = ("ConfirmEdit", "ConfirmEdit/QuestyCaptcha")
"""Extensions that ask questions against robots."""


def image(
    *,
    language: str = "en",
    languages: Sequence[str] = (),
    extensions: Sequence[str] = ("Cite", "ParserFunctions", "WikiEditor"),
    skins: Sequence[str] = ("Vector",),
    default_skin: str = "vector-2022",
    downloads: Sequence[Mapping[str, str]] = (),
    asks: bool = False,
    release: Mapping[str, str] | None = None,
    php: Mapping[str, object] | None = None,
) -> Image:
    """Return the image of a wiki with these languages, extensions, skins and further settings of php.ini.

    `downloads`: extensions and skins that MediaWiki does not bring: folder (`extensions/Name`), url and sha256.
    `asks`: with the extensions that ask questions against robots.
    `release`: url and sha256 of MediaWiki's own archive, None for Debian's package.
    """
    spoken = sorted({"en", language, *languages})
    return Image(
        app="mediawiki",
        release={"languages": spoken, "archive": dict(release or {})},
        site={
            "languages": spoken,
            "extensions": sorted({*extensions, *(QUESTIONS if asks else ())}),
            "skins": sorted(set(skins)),
            "default_skin": default_skin,
            "downloads": sorted(map(dict, downloads), key=lambda download: download["folder"]),
            "php": dict(php or {}),
        },
    )


def workload(
    name: str,
    *,
    image: str,
    database: Binding,
    database_admin: Binding,
    files: Binding,
    config: Binding = Binding(),  # noqa: B008 - frozen
    app_secret_arn: str,
    server: str,
    fallback: str = "",
    title: str = "Wiki",
    language: str = "en",
    timezone: str = "UTC",
    php_workers: int = 6,
    upload_mib: int = 64,
    page_cache_seconds: int = 60,
    read_only: str = "",
    private: bool = False,
    logo: str = "",
    upload_types: Sequence[str] = UPLOAD_TYPES,
    captcha: str = "",
    mail: Binding = Binding(),  # noqa: B008 - frozen
    trusted_proxies: Sequence[str] = (),
    cpu: int = 512,
    memory_mib: int = 1024,
) -> Workload:
    """Return the MediaWiki called `name` that people reach at the URL `server`, or "forwarded" or "metadata".

    `fallback`: with "forwarded", the URL of what no request asks for. `captcha`: a JSON object of questions
    with their answers.
    `trusted_proxies`: address ranges whose X-Forwarded-* headers are believed. `app_secret_arn`: a JSON secret with the
    keys `SECRET_KEYS`.
    """
    env = {
        **database.env,
        **config.env,
        "MEDIAWIKI_SERVER": server,
        "MEDIAWIKI_SITENAME": title,
        "MEDIAWIKI_LANGUAGE": language,
        "MEDIAWIKI_TIMEZONE": timezone,
        "MEDIAWIKI_READ_ONLY": read_only,
        "MEDIAWIKI_PRIVATE": str(int(private)),
        "MEDIAWIKI_LOGO": logo,
        "MEDIAWIKI_UPLOAD_TYPES": ",".join(upload_types),
        "MEDIAWIKI_CAPTCHA": captcha,
        "SERVER_FALLBACK": fallback,
        "TRUSTED_PROXIES": ",".join(trusted_proxies),
        "PHP_WORKERS": str(php_workers),
        "UPLOAD_MIB": str(upload_mib),
        "PAGE_CACHE_SECONDS": str(page_cache_seconds),
    }
    secrets = {**database.secrets, "MEDIAWIKI_SECRET_KEY": SecretKey(arn=app_secret_arn, key="secret_key")}
    admin = {
        "MEDIAWIKI_ADMIN_USER": SecretKey(arn=app_secret_arn, key="admin_user"),
        "MEDIAWIKI_ADMIN_PASSWORD": SecretKey(arn=app_secret_arn, key="admin_password"),
    }
    return Workload(
        name=name,
        image=image,
        cpu=cpu,
        memory_mib=memory_mib,
        security_group_ids=database.security_group_ids,
        readable=config.readable,
        provision=Job(name="provision", env=dict(database.env), secrets={**database.secrets, **database_admin.secrets}),
        migrate=Job(name="migrate", env=env, secrets={**secrets, **admin}, mounts=files.mounts),
        serve=Job(name="serve", env={**env, **mail.env}, secrets={**secrets, **mail.secrets}, mounts=files.mounts),
    )
