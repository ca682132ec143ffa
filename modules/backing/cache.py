"""A Valkey or Redis server that the site's containers share, of whoever runs one: a binding only, nothing is created.

Another backing service that makes such a server offers the same binding.
"""

from modules.contract import Binding, SecretKey

SECRET_KEYS = ("password",)
"""Keys of the secret, whose value is the owner's to write."""


def binding(*, host: str, port: int, tls: bool, secret_arn: str = "") -> Binding:
    """Return what an application gets: the server's name and port, and where it asks for one, the password."""
    env = {"CACHE_HOST": host, "CACHE_PORT": str(port), "CACHE_TLS": str(int(tls))}
    keys = SECRET_KEYS if secret_arn else ()
    return Binding(env=env, secrets={f"CACHE_{key.upper()}": SecretKey(arn=secret_arn, key=key) for key in keys})
