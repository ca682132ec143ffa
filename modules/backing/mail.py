"""A server that mail goes through, of whoever runs one: a binding only, nothing is created."""

from collections.abc import Mapping

from modules.contract import Binding, SecretReference

SECRET_KEYS = ("user", "password")
"""Keys of the secret, whose value is the owner's to write."""


def binding(*, host: str, port: int, sender: str, keys: Mapping[str, SecretReference]) -> Binding:
    """Return what an application gets: the server's name, port and log-in, and the address that mail comes from.

    `keys`: where user and password are, by `SECRET_KEYS`.
    """
    env = {"SMTP_HOST": host, "SMTP_PORT": str(port), "SMTP_FROM": sender}
    return Binding(env=env, secrets={f"SMTP_{key.upper()}": keys[key] for key in SECRET_KEYS})
