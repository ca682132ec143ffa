"""A Valkey or Redis server that the site's containers share, of whoever runs one: a binding only, nothing is created.

Another backing service that makes such a server offers the same binding.
"""

from modules.contract import Binding, SecretReference

SECRET_KEYS = ("password",)
"""Keys of the secret, whose value is the owner's to write."""


def binding(*, host: str, port: int, tls: bool, password: SecretReference | None = None) -> Binding:
    """Return what an application gets: the server's name and port, and where it asks for one, the password."""
    env = {"CACHE_HOST": host, "CACHE_PORT": str(port), "CACHE_TLS": str(int(tls))}
    return Binding(env=env, secrets={"CACHE_PASSWORD": password} if password else {})
