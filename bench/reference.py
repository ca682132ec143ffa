"""Their side: the plain Debian apache and mod_php set-up of an application, at Debian's defaults or tuned."""

import http.client
import subprocess
import uuid
from pathlib import Path

from bench.applications import Application
from bench.served import Served
from local import database_image
from tests.image.containers import docker
from tests.image.site import Database

VARIANTS = ("defaults", "tuned")
FOLDER = Path(__file__).with_name("reference")


def build(app: str, variant: str) -> str:
    """Build the image, from our base; Docker keeps the layers of an earlier build."""
    base, tag = database_image.base_tag(), f"berth-bench/{app}:{variant}"
    subprocess.run([FOLDER.parents[1] / "packer/base/build", base], check=True)
    docker(
        "build", "--quiet", "--tag", tag, "--build-arg", f"BASE={base}", "--build-arg", f"VARIANT={variant}",
        "--file", str(FOLDER / app / "Dockerfile"), str(FOLDER), timeout=1200,
    )  # fmt: skip
    return tag


class Reference:
    """A site of the plain set-up, with the same content, on the same database server."""

    def __init__(self, app: Application, variant: str, database: Database, content: Path, workers: int) -> None:
        self.app, self.database, self.content, self.workers = app, database, content, workers
        self.image = build(app.name, variant)
        self.name = f"b{uuid.uuid4().hex[:8]}"
        self.made: list[Served] = []

    def install(self) -> None:
        """Make the site and import the content."""
        self._query(f"CREATE DATABASE {self.name}")
        importer = self.create()
        importer.start(http.client.NOT_FOUND)
        docker("exec", importer.container, *self.app.importer)
        importer.remove()

    def create(self) -> Served:
        """Create a container that serves the site."""
        name = f"berth-bench-{self.name}-{len(self.made)}"
        given = [part for key, value in self._environment().items() for part in ("--env", f"{key}={value}")]
        docker(
            "create", "--name", name, "--network", self.database.network, *given,
            "--volume", f"berth-bench-{self.name}:/srv/site", "--volume", f"{self.content}:/content:ro", self.image,
        )  # fmt: skip
        self.made.append(Served(name, 80, self.app.reference_path, self.app.host))
        return self.made[-1]

    def close(self) -> None:
        """Remove what the site has; a container that is gone already is no matter."""
        for served in self.made:
            docker("rm", "--force", "--volumes", served.container, check=False)
        docker("volume", "rm", "--force", f"berth-bench-{self.name}")
        self._query(f"DROP DATABASE IF EXISTS {self.name}")

    def _environment(self) -> dict[str, str]:
        return {
            "DATABASE_HOST": self.database.host,
            "DATABASE_NAME": self.name,
            "DATABASE_USER": "root",
            "DATABASE_PASSWORD": self.database.password,
            "SERVER": f"http://{self.app.host}",
            "ADMIN_PASSWORD": f"canary-admin-{self.name}",
            "PHP_WORKERS": str(self.workers),
        }

    def _query(self, sql: str) -> None:
        docker("exec", self.database.host, "mariadb", "-uroot", f"-p{self.database.password}", "--execute", sql)
