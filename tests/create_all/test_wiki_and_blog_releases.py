"""Releases under load, those that go well and those that go wrong, on sites that go on all the same."""

import http.client
import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from ops import parameter
from ops.backup import MARK
from tests.create_all import versions
from tests.create_all.conftest import Created
from tests.image.containers import eventually

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

BROKEN = {
    "broken-migrate": 'case $1 in migrate) echo "the schema is upside down" >&2; exit 9 ;; esac',
    "broken-serve": 'case $1 in serve) echo "the lights are out" >&2; exit 7 ;; esac',
}
"""Versions, and what their entrypoint does before the real one."""
COMMANDS = {"wiki": "mediawiki", "blog": "wordpress"}
DRAIN_SECONDS = 120
PAGES = {"wiki": "/wiki/Main_Page", "blog": "/"}


def _images(created: Created, site: str) -> int:
    """Count the images that the site's tasks run."""
    return len({container.image.id for container in created.containers(site)})


def _release_under_load(
    created: Created, site: str, version: str
) -> "tuple[subprocess.CompletedProcess[str], Counter[int]]":
    """Release a version while three readers ask without a pause; what make said, and how often each status came."""
    with ThreadPoolExecutor(4) as pool:
        release = pool.submit(created.make, COMMANDS[site], f"VERSION={version}")

        def read() -> "Counter[int]":
            seen: Counter[int] = Counter()
            while not release.done():
                seen[created.status(site, PAGES[site])] += 1
            return seen

        readers = [pool.submit(read) for _ in range(3)]
        return release.result(), sum((reader.result() for reader in readers), Counter())


def _snapshots(created: Created, site: str) -> list[str]:
    """List the snapshots of the site's database."""
    found = created.place.client("rds").describe_db_snapshots(DBInstanceIdentifier=f"berth-local-{site}")
    return [each["DBSnapshotIdentifier"] for each in found["DBSnapshots"]]


@pytest.mark.parametrize(
    ("site", "version", "script"),
    [("wiki", "next", versions.SAME), ("wiki", "migrated", versions.ANOTHER_SCHEMA), ("blog", "next", versions.SAME)],
    ids=["wiki", "migrated_wiki", "blog"],
)
def test_a_new_version_fails_no_reader(created: Created, site: str, version: str, script: str) -> None:
    """A rolling release under steady load, with and without another schema: every request is answered."""
    versions.push(created, site, version, script)
    before = parameter.read(created.place, site)
    done, seen = _release_under_load(created, site, version)
    assert done.returncode == 0, done.stderr
    assert parameter.read(created.place, site) != before
    assert set(seen) == {http.HTTPStatus.OK}
    assert seen.total() > 100
    eventually(lambda: _images(created, site) == 1, "the former tasks have drained", DRAIN_SECONDS)
    changed = script == versions.ANOTHER_SCHEMA
    assert any(MARK in line for line in _snapshots(created, site)) is changed


@pytest.mark.parametrize(
    ("site", "broken", "expected"),
    [
        (
            "wiki",
            "broken-migrate",
            r"wiki: migrate failed: .*migrate ended with exit code 9\n(  .*\n)*  the schema is upside down",
        ),
        ("blog", "broken-serve", r"a task stopped: .*serve ended with exit code 7\n(  .*\n)*  the lights are out"),
    ],
    ids=["wiki", "blog"],
)
def test_a_broken_image_leaves_the_site_as_it_was(created: Created, site: str, broken: str, expected: str) -> None:
    """One clear error in the task's own words, the former image back, the site answering, and no change left."""
    entrypoint = f'{BROKEN[broken]}; exec /usr/local/bin/entrypoint "$@"'.replace('"', '\\"')
    versions.push(created, site, broken, entrypoint=entrypoint)
    before = parameter.read(created.place, site)
    done, seen = _release_under_load(created, site, broken)
    assert done.returncode != 0
    assert f"{before} is back" in done.stderr
    assert re.search(expected, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert parameter.read(created.place, site) == before
    assert set(seen) == {http.HTTPStatus.OK}
    plan = created.make("plan").stdout.splitlines()
    assert {line.partition(": ")[2] for line in plan} == {"nothing to change"}
