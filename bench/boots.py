"""First boots that the kill harness works on: models of the official entry points, and ours."""

import uuid
from pathlib import Path
from typing import Protocol

from bench import ours, reference
from tests.image.containers import docker
from tests.image.site import Database, Site

MODELS = Path(__file__).with_name("models")


class Boot(Protocol):
    """Something that sets itself up when it starts."""

    @property
    def name(self) -> str:
        """What it is, for the table."""

    def empty(self) -> None:
        """Begin again with nothing there."""

    def start(self) -> str:
        """Start a container that ends with code 0 where it would begin to serve; return its name."""

    def state(self, name: str) -> str:
        """Return what a container that ended well took for whole, comparable between runs."""

    def close(self) -> None:
        """Remove all of it."""


class _Model:
    """A model's containers, run in the image of the plain set-up, and the volume that they share."""

    def __init__(self, app: str, folder: str) -> None:
        self.app, self.folder = app, folder
        self.image = reference.build(app, "defaults")
        self.key = f"k{uuid.uuid4().hex[:8]}"
        self.containers: list[str] = []

    @property
    def volume(self) -> str:
        """Docker volume that begins empty."""
        return f"berth-bench-{self.key}"

    def run(self, *options: str, command: tuple[str, ...] = ("true",)) -> str:
        """Start the model's script, with what it runs in the place of the web server."""
        name = f"{self.volume}-{len(self.containers)}"
        self.containers.append(name)
        docker(
            "run", "--detach", "--name", name, "--volume", f"{self.volume}:{self.folder}",
            "--volume", f"{MODELS}:/models:ro", *options, "--entrypoint", f"/models/{self.app}", self.image, *command,
        )  # fmt: skip
        return name

    def empty(self) -> None:
        """Remove what ran, and the volume."""
        if self.containers:
            docker("rm", "--force", "--volumes", *self.containers)
            self.containers.clear()
        docker("volume", "rm", "--force", self.volume)


class WordPressModel:
    """The tree that the official image's entry point copies into a volume."""

    name = "model of the official image"
    # Run where the web server would start: what it would serve at that moment.
    _look = (
        "find . -type f ! -name wp-config.php -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
        " && php -l wp-config.php"
    )

    def __init__(self) -> None:
        self.model = _Model("wordpress", "/var/www/html")

    def empty(self) -> None:
        """Begin with an empty volume."""
        self.model.empty()

    def start(self) -> str:
        """Start one container of it."""
        return self.model.run(command=("bash", "-c", f"{self._look} || true"))

    def state(self, name: str) -> str:
        """Return the hash of the tree that it began to serve, and whether the settings were PHP at all."""
        return docker("logs", name).stdout

    def close(self) -> None:
        """Remove all of it."""
        self.model.empty()


class MediaWikiModel:
    """The schema that is installed when there are no settings on the volume."""

    name = "model of the common pattern"

    def __init__(self, database: Database) -> None:
        self.model, self.database = _Model("mediawiki", "/srv/site"), database

    def empty(self) -> None:
        """Begin with an empty volume and an empty database."""
        self.model.empty()
        _empty(self.database, self.model.key)

    def start(self) -> str:
        """Start one container of it."""
        environment = {
            "DATABASE_HOST": self.database.host,
            "DATABASE_NAME": self.model.key,
            "DATABASE_USER": "root",
            "DATABASE_PASSWORD": self.database.password,
            "SERVER": "http://wiki.test:8080",
            "ADMIN_PASSWORD": f"canary-admin-{self.model.key}",
        }
        given = [part for key, value in environment.items() for part in ("--env", f"{key}={value}")]
        return self.model.run("--network", self.database.network, *given)

    def state(self, _name: str) -> str:
        """Return the schema, and what an installation writes into it."""
        return _schema(self.database, self.model.key)

    def close(self) -> None:
        """Remove all of it."""
        self.empty()


class MediaWikiOurs:
    """The schema that our migrate job installs."""

    name = "ours"

    def __init__(self, database: Database) -> None:
        self.site = Site(ours.image("mediawiki"), database)
        code, errors = self.site.run("provision")
        if code:
            raise RuntimeError(f"provision: {errors}")

    def empty(self) -> None:
        """Begin with an empty volume and an empty database."""
        self.site.close()
        self.site.containers.clear()
        _empty(self.site.database, self.site.name)

    def start(self) -> str:
        """Start one container of it."""
        return self.site.start("migrate")

    def state(self, _name: str) -> str:
        """Return the schema, and what an installation writes into it."""
        return _schema(self.site.database, self.site.name)

    def close(self) -> None:
        """Remove all of it."""
        self.site.close()


def _empty(database: Database, schema: str) -> None:
    _query(database, f"DROP DATABASE IF EXISTS {schema}; CREATE DATABASE {schema}")


def _schema(database: Database, schema: str) -> str:
    """Return every column and index, the pages, the administrators and what else an installation fills in."""
    where = f"WHERE table_schema = '{schema}' AND table_name <> 'berth_state'"
    questions = (
        f"SELECT table_name, column_name, column_type FROM information_schema.columns {where} ORDER BY 1, 2",
        f"SELECT table_name, index_name, column_name FROM information_schema.statistics {where} ORDER BY 1, 2, 3",
        f"SELECT page_title FROM {schema}.page ORDER BY 1",
        f"SELECT user_name, ug_group FROM {schema}.user JOIN {schema}.user_groups ON ug_user = user_id ORDER BY 1, 2",
        f"SELECT COUNT(*) FROM {schema}.interwiki",
        f"SELECT COUNT(*) FROM {schema}.site_stats",
    )
    return "\n".join(_query(database, question) for question in questions)


def _query(database: Database, sql: str) -> str:
    """Ask as the administrator; a table that is not there shows as no answer."""
    client = ("exec", database.host, "mariadb", "-uroot", f"-p{database.password}", "--batch", "--skip-column-names")
    return docker(*client, "--execute", sql, check=False).stdout
