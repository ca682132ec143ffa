"""WordPress: what its image holds, and as a workload which settings, secrets and files its three jobs get."""

from collections.abc import Mapping, Sequence

from modules.contract import Binding, Image, Job, SecretKey, Workload

SCHEMA = "wordpress"
SALTS = (
    "auth_key",
    "secure_auth_key",
    "logged_in_key",
    "nonce_key",
    "auth_salt",
    "secure_auth_salt",
    "logged_in_salt",
    "nonce_salt",
)
"""WordPress' own names of its eight salts; changing them logs everybody out."""
SECRET_KEYS = ("admin_user", "admin_password", *SALTS)
THEME = "twentytwentyfive"
"""Theme of a new blog."""

Addition = str | Mapping[str, str]
"""A plugin or theme: the name of one that WordPress brings along, or the name, url and sha256 of a download."""


def image(
    *,
    language: str = "en",
    languages: Sequence[str] = (),
    plugins: Sequence[Addition] = (),
    themes: Sequence[Addition] = (),
    release: Mapping[str, str] | None = None,
    php: Mapping[str, object] | None = None,
) -> Image:
    """Return the image of a blog with these languages, plugins, themes and further settings of php.ini.

    The default theme is always there. What is baked in is switched on in wp-admin. `release`: url and sha256 of
    WordPress' own archive, None for Debian's package.
    """
    return Image(
        app="wordpress",
        release={
            "languages": sorted({language, *languages} - {"en"}),
            "plugins": _bundled(plugins),
            "themes": _bundled((THEME, *themes)),
            "archive": dict(release or {}),
        },
        site={"plugins": _downloads(plugins), "themes": _downloads(themes), "php": dict(php or {})},
    )


def _bundled(additions: Sequence[Addition]) -> list[str]:
    return sorted({name for name in additions if isinstance(name, str)})


def _downloads(additions: Sequence[Addition]) -> list[dict[str, str]]:
    return sorted((dict(one) for one in additions if not isinstance(one, str)), key=lambda one: one["name"])


def workload(
    name: str,
    *,
    image: str,
    database: Binding,
    database_admin: Binding,
    files: Binding,
    config: Binding = Binding(),  # noqa: B008 - frozen
    app_secret_arn: str,
    url: str,
    fallback: str = "",
    admin_email: str,
    title: str = "Blog",
    language: str = "en",
    timezone: str = "UTC",
    php_workers: int = 6,
    upload_mib: int = 64,
    multisite: str = "",
    files_mode: str = "uploads",
    page_cache_seconds: int = 60,
    mail: Binding = Binding(),  # noqa: B008 - frozen
    trusted_proxies: Sequence[str] = (),
    cpu: int = 512,
    memory_mib: int = 1024,
) -> Workload:
    """Return the WordPress called `name` that people reach at `url`, or "forwarded" or "metadata".

    `fallback`: with "forwarded", the URL of what no request asks for. `title`, `language`, `timezone` and `admin_email`
    are what the installation begins with. `multisite`: empty, or a network of blogs by "subdomain" or by
    "subdirectory". `trusted_proxies`: address ranges whose X-Forwarded-* headers are believed. `app_secret_arn`: a JSON
    secret with the keys `SECRET_KEYS`.
    """
    env = {
        **database.env,
        **config.env,
        "WORDPRESS_URL": url,
        "SERVER_FALLBACK": fallback,
        "WORDPRESS_TITLE": title,
        "WORDPRESS_LANGUAGE": language,
        "WORDPRESS_TIMEZONE": timezone,
        "WORDPRESS_ADMIN_EMAIL": admin_email,
        "FILES_MODE": files_mode,
        "WORDPRESS_MULTISITE": multisite,
        "TRUSTED_PROXIES": ",".join(trusted_proxies),
        "PHP_WORKERS": str(php_workers),
        "UPLOAD_MIB": str(upload_mib),
        "PAGE_CACHE_SECONDS": str(page_cache_seconds),
    }
    salts = {f"WORDPRESS_{key.upper()}": SecretKey(arn=app_secret_arn, key=key) for key in SALTS}
    secrets = {**database.secrets, **salts}
    admin = {
        "WORDPRESS_ADMIN_USER": SecretKey(arn=app_secret_arn, key="admin_user"),
        "WORDPRESS_ADMIN_PASSWORD": SecretKey(arn=app_secret_arn, key="admin_password"),
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
