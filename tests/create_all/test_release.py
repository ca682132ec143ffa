"""Releases under load, those that go well and those that go wrong, on a wiki that goes on all the same."""

import http.client
import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from ops import parameter
from tests.create_all import versions
from tests.create_all.conftest import Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

BROKEN = {
    "broken-migrate": 'case $1 in migrate) echo "the schema is upside down" >&2; exit 9 ;; esac',
    "broken-serve": 'case $1 in serve) echo "the lights are out" >&2; exit 7 ;; esac',
}
"""Versions, and what their entrypoint does before the real one."""


def _status(created: Created) -> int:
    """Ask for a page; 0 where no answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", created.port + 1, timeout=30)
    try:
        connection.request("GET", "/wiki/Main_Page", headers={"Host": f"wiki.localhost:{created.port + 1}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _release_under_load(created: Created, version: str) -> "tuple[subprocess.CompletedProcess[str], Counter[int]]":
    """Release a version while three readers ask without a pause; what make said, and how often each status came."""
    with ThreadPoolExecutor(4) as pool:
        release = pool.submit(created.make, "mediawiki", f"VERSION={version}")

        def read() -> "Counter[int]":
            seen: Counter[int] = Counter()
            while not release.done():
                seen[_status(created)] += 1
            return seen

        readers = [pool.submit(read) for _ in range(3)]
        return release.result(), sum((reader.result() for reader in readers), Counter())


@pytest.mark.parametrize(
    ("version", "script"), [("next", versions.SAME), ("migrated", versions.ANOTHER_SCHEMA)], ids=["same", "migrated"]
)
def test_a_new_version_fails_no_reader(created: Created, version: str, script: str) -> None:
    """A rolling release under steady load, with and without another schema: every request is answered."""
    versions.push(created, version, script)
    before = parameter.read(created.place, "wiki")
    done, seen = _release_under_load(created, version)
    assert done.returncode == 0, done.stderr
    assert parameter.read(created.place, "wiki") != before
    assert set(seen) == {http.HTTPStatus.OK}
    assert seen.total() > 100
    assert len({container.image.id for container in created.containers()}) == 1


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (
            "broken-migrate",
            r"wiki: migrate failed: .*migrate ended with exit code 9\n(  .*\n)*  the schema is upside down",
        ),
        ("broken-serve", r"a task stopped: .*serve ended with exit code 7\n(  .*\n)*  the lights are out"),
    ],
)
def test_a_broken_image_leaves_the_wiki_as_it_was(created: Created, broken: str, expected: str) -> None:
    """One clear error in the task's own words, the former image back, the wiki answering, and no change left."""
    entrypoint = f'{BROKEN[broken]}; exec /usr/local/bin/entrypoint "$@"'.replace('"', '\\"')
    versions.push(created, broken, entrypoint=entrypoint)
    before = parameter.read(created.place, "wiki")
    done, seen = _release_under_load(created, broken)
    assert done.returncode != 0
    assert f"{before} is back" in done.stderr
    assert re.search(expected, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert parameter.read(created.place, "wiki") == before
    assert set(seen) == {http.HTTPStatus.OK}
    plan = created.make("plan").stdout.splitlines()
    assert {line.partition(": ")[2] for line in plan} == {"nothing to change"}
