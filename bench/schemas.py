"""First boots that install a schema: a model of the common pattern, and ours."""

from bench import ours
from bench.boots import Starts
from tests.image.containers import docker
from tests.image.site import Database
from tests.image.wiki import Wiki


class MediaWikiModel:
    """The schema that is installed when there are no settings on the volume."""

    name = "model of the common pattern"

    def __init__(self, database: Database) -> None:
        self.starts, self.database = Starts("mediawiki", "/srv/site", "--network", database.network), database

    def empty(self) -> None:
        """Begin with an empty volume and an empty database."""
        self.starts.empty()
        _empty(self.database, self.starts.key)

    def start(self) -> str:
        """Start one container of it."""
        environment = {
            "DATABASE_HOST": self.database.host,
            "DATABASE_NAME": self.starts.key,
            "DATABASE_USER": "root",
            "DATABASE_PASSWORD": self.database.password,
            "SERVER": "http://wiki.test:8080",
            "ADMIN_PASSWORD": f"canary-admin-{self.starts.key}",
        }
        given = [f"{key}={value}" for key, value in environment.items()]
        return self.starts.start("env", *given, "/models/mediawiki", "true")

    def state(self, _name: str) -> str:
        """Return the schema, and what an installation writes into it."""
        return _schema(self.database, self.starts.key)

    def close(self) -> None:
        """Remove all of it."""
        self.empty()


class MediaWikiOurs:
    """The schema that our migrate job installs."""

    name = "ours"

    def __init__(self, database: Database) -> None:
        self.site = Wiki(ours.image("mediawiki"), database)
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
