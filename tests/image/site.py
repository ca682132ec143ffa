"""One site of the image's tests, whatever its application: its environment, its containers, its pages."""

import http.client
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from tests.image.containers import LOCKED_DOWN, docker, eventually, inspect

ADMIN = "Admin"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Database:
    """A running database server."""

    host: str
    network: str
    password: str


@dataclass
class Site(ABC):
    """A site with a database, a volume and secrets of its own; `close` removes what it started."""

    app: ClassVar[str]
    """Name of the application."""
    front: ClassVar[str]
    """Path of a page that every installation has."""
    root: ClassVar[str]
    """Folder of the application."""
    shared: ClassVar[str]
    """Its folder on the shared volume."""
    form: ClassVar[tuple[str, bytes, bytes]]
    """Path that takes a form, one to send, and what the answer holds."""
    operation: ClassVar[tuple[str, str]]
    """Command of an operator, and what it prints."""
    installer: ClassVar[str]
    """Part of the command line of the process that installs."""
    markers: ClassVar[tuple[str, str]]
    """What an older and a newer version wrote into the schema."""
    table: ClassVar[str]
    """Name of a table that holds no content after an installation."""

    image: str
    database: Database
    name: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:8]}")
    containers: list[str] = field(default_factory=list)

    @property
    def volume(self) -> str:
        """Docker volume of the shared files."""
        return f"berth-test-{self.name}"

    @property
    def secrets(self) -> dict[str, str]:
        """Secrets of all jobs, each with a value to look for."""
        return {
            "DATABASE_USER": f"user-{self.name}",
            "DATABASE_PASSWORD": f"canary-database-{self.name}",
            **self.app_secrets,
        }

    @property
    @abstractmethod
    def app_secrets(self) -> dict[str, str]:
        """Secrets that the application serves with."""

    @property
    @abstractmethod
    def install_secrets(self) -> dict[str, str]:
        """Secrets that only its installation needs."""

    @property
    @abstractmethod
    def app_environment(self) -> dict[str, str]:
        """Settings of the application."""

    @property
    def job_secrets(self) -> dict[str, dict[str, str]]:
        """Secrets that only one job gets."""
        return {
            "provision": {"DATABASE_ADMIN_USER": "root", "DATABASE_ADMIN_PASSWORD": self.database.password},
            "migrate": self.install_secrets,
        }

    @property
    def admin_password(self) -> str:
        """Password of the site's administrator."""
        return f"canary-admin-{self.name}"

    def environment(self, job: str) -> dict[str, str]:
        """Return the environment a job gets from the platform."""
        return {
            "DATABASE_HOST": self.database.host,
            "DATABASE_NAME": self.name,
            "DATABASE_WAIT_SECONDS": "30",
            "PHP_WORKERS": "2",
            **self.app_environment,
            **self.secrets,
            **self.job_secrets.get(job, {}),
        }

    def create(self, job: str, *options: str, **environment: str) -> str:
        """Create a container of a job or command, not started; options go to Docker, keywords to its environment."""
        name = f"berth-test-{self.name}-{job.split(maxsplit=1)[0]}-{uuid.uuid4().hex[:8]}"
        variables = {key: value for key, value in (self.environment(job) | environment).items() if value}
        given = [part for key, value in variables.items() for part in ("--env", f"{key}={value}")]
        files = () if any("/srv/files" in option for option in options) else ("--volume", f"{self.volume}:/srv/files")
        docker(
            "create", "--name", name, "--network", self.database.network, *LOCKED_DOWN, *files,
            "--publish", "127.0.0.1::8080", *options, *given, self.image, *job.split(),
        )  # fmt: skip
        self.containers.append(name)
        return name

    def start(self, job: str, *options: str, **environment: str) -> str:
        """Start a container of a job."""
        name = self.create(job, *options, **environment)
        docker("start", name)
        return name

    def run(self, job: str, *options: str, **environment: str) -> tuple[int, str]:
        """Run a job to its end; its exit code and standard error."""
        name = self.create(job, *options, **environment)
        done = docker("start", "--attach", name, check=False)
        return int(inspect(name)["State"]["ExitCode"]), done.stderr

    def install(self) -> None:
        """Run the two jobs that come before serving."""
        for job in ("provision", "migrate"):
            code, errors = self.run(job)
            assert code == 0, errors

    def serve(self, *options: str, **environment: str) -> str:
        """Serve, and wait until it is ready."""
        name = self.start("serve", *options, **environment)
        eventually(lambda: self.is_ready(name), f"{name} is ready: {docker('logs', name).stderr}")
        return name

    def is_ready(self, name: str) -> bool:
        """Whether the container answers /readyz with 200."""
        try:
            return get(name, "/readyz").status == http.client.OK
        except (ConnectionError, http.client.HTTPException):
            return False

    @abstractmethod
    def assert_installed(self, note: str = "") -> None:
        """Check that there is one whole installation, and nothing else."""

    def marker(self) -> list[str]:
        """Return the rows of Berth's own table: name and value."""
        return self.query(f"SELECT name, value FROM {self.name}.berth_state")

    def query(self, sql: str) -> list[str]:
        """Ask the database as its administrator; one line a row."""
        done = docker(
            "exec", self.database.host, "mariadb", "-uroot", f"-p{self.database.password}",
            "--batch", "--skip-column-names", "--execute", sql,
        )  # fmt: skip
        return done.stdout.splitlines()

    def tidy(self, *kept: str) -> None:
        """Remove the containers but those `kept`."""
        gone = [name for name in self.containers if name not in kept]
        if gone:
            docker("rm", "--force", "--volumes", *gone)
        self.containers = [*kept]

    def close(self) -> None:
        """Remove the containers, the volume and the schema."""
        self.tidy()
        docker("volume", "rm", "--force", self.volume)
        self.query(f"DROP DATABASE IF EXISTS {self.name}")


def address(name: str) -> tuple[str, int]:
    """Where a serving container listens on this machine."""
    bound = inspect(name)["NetworkSettings"]["Ports"].get("8080/tcp")
    if not bound:
        raise ConnectionRefusedError(name)
    return "127.0.0.1", int(bound[0]["HostPort"])


def get(name: str, path: str, **headers: str) -> Answer:
    """Ask a serving container for a path, sent as it is."""
    return ask("GET", name, path, **headers)


def ask(method: str, name: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    """Send a serving container a request."""
    connection = http.client.HTTPConnection(*address(name), timeout=30)
    try:
        connection.request(method, path, body, {key.replace("_", "-"): value for key, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
