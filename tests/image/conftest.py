"""The image, a database beside it, and wikis made of both."""

import contextlib
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import docker as sdk
import pytest

from local import database_image
from ops import version
from tests.image.containers import docker, eventually
from tests.image.site import Database, Site

ROOT = Path(__file__).parents[2]


def _exists(tag: str) -> bool:
    return docker("image", "inspect", tag, check=False).returncode == 0


@pytest.fixture(scope="session")
def base() -> str:
    """Build the base image unless the present inputs' is there."""
    folder = ROOT / "packer/base"
    tag = f"berth/base:{subprocess.run([folder / 'hash'], capture_output=True, text=True, check=True).stdout.strip()}"
    subprocess.run([folder / "build", tag], check=True)
    return tag


@pytest.fixture(scope="session")
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Take the image that BERTH_TEST_IMAGE names, else the one of the present inputs, built unless it is there."""
    given = os.environ.get("BERTH_TEST_IMAGE")
    if given:
        return given
    tag = f"test-{version.content_hash(ROOT)}"
    name = f"berth/mediawiki:{tag}"
    if not _exists(name):
        variables = {
            "app": "mediawiki",
            "version": tag,
            "commit": "0123abc",
            "base_image": request.getfixturevalue("base"),
            "work_dir": str(tmp_path_factory.mktemp("packer")),
        }
        given_variables = [part for key, value in variables.items() for part in ("-var", f"{key}={value}")]
        done = subprocess.run(
            ["packer", "build", "-color=false", *given_variables, str(ROOT / "packer/berth.pkr.hcl")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    return name


@pytest.fixture(scope="session")
def network() -> Iterator[str]:
    """Make a network for the tests' containers."""
    name = f"berth-test-{uuid.uuid4().hex[:6]}"
    docker("network", "create", name)
    yield name
    docker("network", "rm", name)


@pytest.fixture(scope="session")
def database(network: str) -> Iterator[Database]:
    """Start a throw-away database server."""
    with contextlib.closing(sdk.from_env()) as client:
        image = database_image.ensure(client)
    running = Database(host=f"{network}-db", network=network, password="canary-root")
    docker(
        "run", "--detach", "--name", running.host, "--network", network,
        "--env", f"MARIADB_ROOT_PASSWORD={running.password}", image,
    )  # fmt: skip
    ping = ("exec", running.host, "mariadb-admin", "-uroot", f"-p{running.password}", "ping")
    eventually(lambda: docker(*ping, check=False).returncode == 0, "the database answers", 60)
    yield running
    docker("rm", "--force", "--volumes", running.host)


@pytest.fixture
def fresh(image: str, database: Database) -> Iterator[Site]:
    """Give a wiki of which nothing exists yet."""
    with contextlib.closing(Site(image, database)) as site:
        yield site


@pytest.fixture(scope="session")
def site(image: str, database: Database) -> Iterator[Site]:
    """Give an installed wiki that the tests share: they read it, or write pages of their own."""
    with contextlib.closing(Site(image, database)) as installed:
        installed.install()
        yield installed


@pytest.fixture(scope="session")
def web(site: Site) -> str:
    """Serve the shared wiki."""
    return site.serve()
