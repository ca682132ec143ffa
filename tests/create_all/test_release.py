"""Releases that go wrong, on a wiki that goes on all the same."""

import http.client
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import docker
import pytest

from ops import images, parameter, registry
from tests.create_all.conftest import Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

BROKEN = {
    "broken-migrate": 'case $1 in migrate) echo "the schema is upside down" >&2; exit 9 ;; esac',
    "broken-serve": 'case $1 in serve) echo "the lights are out" >&2; exit 7 ;; esac',
}
"""Versions, and what their entrypoint does before the real one."""


@pytest.fixture
def broken(created: Created, request: pytest.FixtureRequest) -> Iterator[str]:
    """Push a version whose image is broken in one of the ways above."""
    version: str = request.param
    client = docker.from_env()
    sound = client.images.get(str(parameter.read(created.place, "wiki")))
    container = client.containers.create(sound.id)
    script = f'{BROKEN[version]}; exec /usr/local/bin/entrypoint "$@"'.replace('"', '\\"')
    container.commit(images.NAME, version, changes=f'ENTRYPOINT ["/bin/sh", "-c", "{script}", "--"]')
    container.remove()
    uri = str(parameter.read(created.place, "wiki")).partition("@")[0]
    registry.push(created.place, uri, f"{images.NAME}:{version}", print)
    yield version
    client.images.remove(f"{images.NAME}:{version}")


def _answers(created: Created) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", created.port + 1, timeout=30)
    try:
        connection.request("GET", "/wiki/Main_Page", headers={"Host": f"wiki.localhost:{created.port + 1}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (
            "broken-migrate",
            r"wiki: migrate failed: .*migrate ended with exit code 9\n(  .*\n)*  the schema is upside down",
        ),
        ("broken-serve", r"a task stopped: .*serve ended with exit code 7\n(  .*\n)*  the lights are out"),
    ],
    indirect=["broken"],
)
def test_a_broken_image_leaves_the_wiki_as_it_was(created: Created, broken: str, expected: str) -> None:
    """One clear error in the task's own words, the former image back, the wiki answering, and no change left."""
    before = parameter.read(created.place, "wiki")
    with ThreadPoolExecutor(1) as pool:
        release = pool.submit(created.make, "mediawiki", f"VERSION={broken}")
        answers = []
        while not release.done():
            answers.append(_answers(created))
            time.sleep(0.5)
    done = release.result()
    assert done.returncode != 0
    assert f"{before} is back" in done.stderr
    assert re.search(expected, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert parameter.read(created.place, "wiki") == before
    assert len(answers) > 10
    assert all(answers)
    plan = created.make("plan").stdout.splitlines()
    assert {line.partition(": ")[2] for line in plan} == {"nothing to change"}
