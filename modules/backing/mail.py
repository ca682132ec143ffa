"""A server that mail goes through, of whoever runs one: a binding only, nothing is created."""

from modules.contract import Binding, SecretKey

SECRET_KEYS = ("user", "password")
"""Keys of the secret, whose value is the owner's to write."""


def binding(*, host: str, port: int, sender: str, secret_arn: str) -> Binding:
    """Return what an application gets: the server's name, port and log-in, and the address that mail comes from."""
    env = {"SMTP_HOST": host, "SMTP_PORT": str(port), "SMTP_FROM": sender}
    return Binding(env=env, secrets={f"SMTP_{key.upper()}": SecretKey(arn=secret_arn, key=key) for key in SECRET_KEYS})
