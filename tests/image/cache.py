"""A throw-away Redis that takes TLS and a password only, and keeps nothing on disk."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.image.containers import docker, eventually

PASSWORD = "canary-cache"
SOURCE = Path(__file__).parent / "redis"


@dataclass(frozen=True)
class Cache:
    """A running server, and the folder of its certificates."""

    host: str
    certificates: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a site is told of it."""
        return {"CACHE_HOST": self.host, "CACHE_PASSWORD": PASSWORD, "CACHE_TLS_CA": "/tls/ca.pem"}

    @property
    def mount(self) -> tuple[str, str]:
        """Options that show a container the certificates."""
        return ("--volume", f"{self.certificates}:/tls:ro")

    def ask(self, *command: str) -> list[str]:
        """Send a command; the lines of the answer."""
        client = ("redis-cli", "--tls", "--insecure", "--no-auth-warning", "-a", PASSWORD)
        return docker("exec", self.host, *client, *command).stdout.splitlines()

    def keys(self, holding: str = "") -> list[str]:
        """Names of the keys that hold a text."""
        return [key for key in self.ask("KEYS", f"*{holding}*") if key]

    def connections(self) -> int:
        """How many connections were made so far."""
        lines = self.ask("INFO", "stats")
        return next(int(line.split(":")[1]) for line in lines if line.startswith("total_connections_received"))

    def answers(self) -> bool:
        """Whether it is up."""
        done = docker("exec", self.host, "redis-cli", "--tls", "--insecure", "-a", PASSWORD, "PING", check=False)
        return "PONG" in done.stdout

    def start(self) -> None:
        """Start it, empty, and wait for it."""
        docker("start", self.host)
        eventually(self.answers, "the cache answers")


@contextlib.contextmanager
def server(network: str, host: str, certificates: Path, base: str) -> Iterator[Cache]:
    """Start a server on a network, and remove it."""
    image = f"berth-test/redis:{base.partition(':')[2]}"
    docker("build", "--quiet", "--tag", image, "--build-arg", f"BASE={base}", str(SOURCE), timeout=300)
    tls = ("--port", "0", "--tls-port", "6379", "--tls-auth-clients", "no", "--tls-ca-cert-file", "/tls/ca.pem")
    files = ("--tls-cert-file", "/tls/server.pem", "--tls-key-file", "/tls/server.key")
    running = Cache(host, certificates)
    docker(
        "create", "--name", host, "--network", network, *running.mount, image, *tls, *files, "--requirepass", PASSWORD
    )
    try:
        running.start()
        yield running
    finally:
        docker("rm", "--force", "--volumes", host)
