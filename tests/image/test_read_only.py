import pytest

from tests.image.containers import docker, eventually, execute, logs
from tests.image.site import Answer, Site, ask, get

pytestmark = pytest.mark.containers

WRITES = {
    "mediawiki": ("/api.php", b"action=edit&format=json&title=Note&text=words&token=%2B%5C"),
    "wordpress": ("/wp-login.php", b"log=nobody&pwd=nothing"),
}
"""Paths that take a change from anybody, and one to send."""
REFUSED = {"mediawiki": b'"code":"readonly"', "wordpress": b"The site is being updated."}
TAKEN = {"mediawiki": b'"result":"Success"', "wordpress": b"<strong>nobody</strong>"}
FLAG = "/run/berth/read-only"


@pytest.fixture
def served(fresh: Site) -> str:
    """Serve a site whose schema a test changes."""
    fresh.install()
    return fresh.serve()


def _write(site: Site, web: str) -> Answer:
    path, body = WRITES[site.app]
    return ask("POST", web, path, body, Content_Type="application/x-www-form-urlencoded")


def _mark(site: Site, value: str) -> None:
    site.query(f"UPDATE {site.name}.berth_state SET value = '{value}' WHERE name = 'schema'")


def _is_read_only(web: str) -> bool:
    return bool(execute(web, f"ls {FLAG}", check=False))


def _assert_only_read(site: Site, web: str) -> None:
    eventually(lambda: _is_read_only(web), "the replica reads only")
    assert REFUSED[site.app] in _write(site, web).body
    assert get(web, site.front).status == 200


def _assert_writable(site: Site, web: str) -> None:
    eventually(lambda: not _is_read_only(web), "the replica writes again")
    assert TAKEN[site.app] in _write(site, web).body


def test_schema_of_another_version_is_only_read(fresh: Site, served: str) -> None:
    """A replica whose schema has become another version's goes on showing pages and takes no change."""
    _assert_writable(fresh, served)
    [marker] = [line.split("\t")[1] for line in fresh.marker()]
    _mark(fresh, fresh.markers[1])
    _assert_only_read(fresh, served)
    _mark(fresh, marker)
    _assert_writable(fresh, served)


def test_nothing_is_written_while_a_migration_works(fresh: Site, served: str) -> None:
    """The note of a migration counts while its lock is held; one that was killed leaves no site read-only."""
    fresh.query(f"INSERT INTO {fresh.name}.berth_state (name, value) VALUES ('upgrading', 'next')")
    held = f"SELECT GET_LOCK('berth:{fresh.name}', 9), SLEEP(120)"
    docker(
        "exec", "--detach", fresh.database.host, "mariadb", "-uroot", f"-p{fresh.database.password}", "-e", held
    )  # fmt: skip
    _assert_only_read(fresh, served)
    assert "another version changes the schema: read-only" in logs(served)
    holder = f"SELECT id FROM information_schema.processlist WHERE id = IS_USED_LOCK('berth:{fresh.name}')"
    fresh.query(f"KILL {fresh.query(holder)[0]}")
    _assert_writable(fresh, served)


def test_migration_waits_until_nobody_writes(fresh: Site, served: str) -> None:
    """It begins when every living replica has said that it reads only, and asks for a backup where it has to."""
    _mark(fresh, fresh.markers[0])
    code, errors = fresh.run("migrate", MIGRATE_BACKUP="required")
    assert code == 3
    assert "take a backup, then run this job with MIGRATE_BACKUP=taken" in errors
    code, errors = fresh.run("migrate", MIGRATE_BACKUP="taken")
    assert code == 0, errors
    assert "have not said that they write no more" not in errors
    # what it changes needs no backup a second time
    assert fresh.run("migrate", MIGRATE_BACKUP="required")[0] == 0
    _assert_writable(fresh, served)
