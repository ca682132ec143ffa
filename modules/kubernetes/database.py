"""What containers get of a database server, wherever in or outside the cluster it runs."""

from modules.contract import Binding, KubernetesSecretKey

PORT = 3306


def database_binding(*, host: str, port: int = PORT, schema: str, secret: str, authority: str = "") -> Binding:
    """Return what every job gets of a database; `secret` has the keys `username` and `password`.

    `authority`: path, inside the image, of the certificates that the server's own is verified by; empty for no TLS.
    """
    return Binding(
        env={
            "DATABASE_HOST": host,
            "DATABASE_PORT": str(port),
            "DATABASE_NAME": schema,
            "DATABASE_TLS_CA": authority,
        },
        secrets=_log_in("DATABASE", secret),
    )


def admin_binding(*, secret: str) -> Binding:
    """Return what the provision job gets besides: a user who may create others, with the same two keys."""
    return Binding(secrets=_log_in("DATABASE_ADMIN", secret))


def _log_in(prefix: str, secret: str) -> dict[str, KubernetesSecretKey]:
    return {
        f"{prefix}_USER": KubernetesSecretKey(name=secret, key="username"),
        f"{prefix}_PASSWORD": KubernetesSecretKey(name=secret, key="password"),
    }
