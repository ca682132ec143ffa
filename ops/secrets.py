"""The values of a site's secrets: made up here, written once, never shown, never in an argument or in state."""

import json
import secrets as randomness
from collections.abc import Callable
from typing import Any

from modules.app_settings import MediaWiki, WordPress
from modules.backing import cache, mail
from modules.naming import Naming
from modules.site_workload import SECRET_KEYS
from ops.errors import OpsError
from ops.place import Place

PASSWORD_BYTES = 24
SECRET_KEY_BYTES = 32


def name(place: Place, site: str, kind: str) -> str:
    """Return the name of a secret; `kind` is database or app."""
    return f"{Naming(environment=place.env, site=site).path}/{kind}"


def ensure(place: Place, site: str) -> None:
    """Write the first value of each secret that has none yet."""
    kinds: dict[str, Callable[[], dict[str, str]]] = {
        "database": lambda: log_in(place.config.sites[site].app),
        "app": lambda: app_values(place.config.sites[site]),
    }
    for kind, make in kinds.items():
        if _read(place, name(place, site, kind)) is None:
            value = json.dumps(make())
            place.client("secretsmanager").put_secret_value(SecretId=name(place, site, kind), SecretString=value)


def require(place: Place, site: str) -> None:
    """Raise OpsError where a secret that only its owner can know has no whole value."""
    settings = place.config.sites[site]
    if settings.mail:
        _require(place, site, "mail", mail.SECRET_KEYS, "the mail server's log-in")
    if settings.cache and settings.cache.password:
        _require(place, site, "cache", cache.SECRET_KEYS, "the Valkey server's password")


def _require(place: Place, site: str, kind: str, keys: tuple[str, ...], what: str) -> None:
    secret = name(place, site, kind)
    if not _is_whole(_read(place, secret), keys):
        shape = ", ".join(f'"{key}": "…"' for key in keys)
        msg = (
            f"sites/{site}/{kind}: the secret {secret} does not hold {what}; "
            "make apply makes the secret, then: "
            f"aws secretsmanager put-secret-value --secret-id {secret} --secret-string '{{{shape}}}'"
        )
        raise OpsError(msg)


def administrator(place: Place, site: str) -> tuple[str, str]:
    """Return name and password of the site's first administrator."""
    text = _read(place, name(place, site, "app"))
    if text is None:
        msg = f"{site} has no administrator yet; run make create-all first"
        raise OpsError(msg)
    value = json.loads(text)
    return value["admin_user"], value["admin_password"]


def log_in(user: str) -> dict[str, str]:
    """Make up a user's password."""
    return {"username": user, "password": randomness.token_urlsafe(PASSWORD_BYTES)}


def app_values(site: MediaWiki | WordPress) -> dict[str, str]:
    """Make up the keys of the application's own secret."""
    return {
        **{key: randomness.token_hex(SECRET_KEY_BYTES) for key in SECRET_KEYS[site.app]},
        "admin_user": site.admin_user,
        "admin_password": randomness.token_urlsafe(PASSWORD_BYTES),
    }


def _is_whole(text: str | None, keys: tuple[str, ...]) -> bool:
    try:
        value = json.loads(text or "")
    except json.JSONDecodeError:
        return False
    return isinstance(value, dict) and all(isinstance(value.get(key), str) and value[key] for key in keys)


def _read(place: Place, secret: str) -> str | None:
    """Return the current value, None where there is none; a secret without any answers in one of two ways."""
    client: Any = place.client("secretsmanager")
    try:
        text: str | None = client.get_secret_value(SecretId=secret).get("SecretString")
    except client.exceptions.ResourceNotFoundException:
        return None
    return text
