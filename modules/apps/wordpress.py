"""WordPress: what its image holds, and as a workload which settings, secrets and files its three jobs get."""

from collections.abc import Mapping, Sequence

from modules.contract import ADMIN_KEYS, Backing, Image, Serving, Workload, site_workload

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
SECRET_KEYS = (*ADMIN_KEYS, *SALTS)
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
    composer: Mapping[str, object] | None = None,
) -> Image:
    """Return the image of a blog with these languages, plugins, themes and further settings of php.ini.

    The default theme is always there. What is baked in is switched on in wp-admin. `release`: url and sha256 of
    WordPress' own archive, None for Debian's package. `composer`: packages (exact versions by name), sha256
    of what they hold, repositories.
    """
    return Image(
        app="wordpress",
        release={
            "languages": sorted({language, *languages} - {"en"}),
            "plugins": _bundled(plugins),
            "themes": _bundled((THEME, *themes)),
            "archive": dict(release or {}),
        },
        site={
            "plugins": _downloads(plugins),
            "themes": _downloads(themes),
            "php": dict(php or {}),
            "composer": dict(composer or {}),
        },
    )


def _bundled(additions: Sequence[Addition]) -> list[str]:
    return sorted({name for name in additions if isinstance(name, str)})


def _downloads(additions: Sequence[Addition]) -> list[dict[str, str]]:
    return sorted((dict(one) for one in additions if not isinstance(one, str)), key=lambda one: one["name"])


def workload(
    name: str,
    *,
    image: str,
    backing: Backing,
    serving: Serving,
    admin_email: str,
    multisite: str = "",
    files_mode: str = "uploads",
) -> Workload:
    """Return the WordPress called `name`; its own secret has the keys `SECRET_KEYS`.

    Title, language, time zone and `admin_email` are what the installation begins with. `multisite`: empty, or a network
    of blogs by "subdomain" or by "subdirectory".
    """
    return site_workload(
        name,
        image,
        backing,
        serving,
        prefix="WORDPRESS",
        env={
            "WORDPRESS_URL": serving.address,
            "WORDPRESS_TITLE": serving.title,
            "WORDPRESS_LANGUAGE": serving.language,
            "WORDPRESS_TIMEZONE": serving.timezone,
            "WORDPRESS_ADMIN_EMAIL": admin_email,
            "FILES_MODE": files_mode,
            "WORDPRESS_MULTISITE": multisite,
        },
        secrets={f"WORDPRESS_{key.upper()}": backing.keys[key] for key in SALTS},
    )
