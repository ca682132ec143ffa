"""The images, a database beside them, and sites made of both; most tests run once for each application."""

import contextlib
import os
import uuid
from collections.abc import Iterator

import pytest

from modules.apps import mediawiki, wordpress
from ops import images
from ops.place import Place
from tests.image import server
from tests.image.blog import Blog
from tests.image.building import built
from tests.image.containers import docker
from tests.image.site import Database, Site
from tests.image.wiki import Wiki

KINDS: dict[str, type[Site]] = {"mediawiki": Wiki, "wordpress": Blog}
SHARED = pytest.StashKey[tuple[Site, list[str]]]()
"""The shared site, and those of its containers that are shared too."""
IMAGES = {"mediawiki": mediawiki.image(), "wordpress": wordpress.image()}


@pytest.fixture(scope="session")
def base() -> str:
    """Build the base image unless the present inputs' is there."""
    return images.base(Place.of("local"), print)


@pytest.fixture(scope="session", params=KINDS)
def app(request: pytest.FixtureRequest) -> str:
    """Name each application in turn."""
    return request.param


@pytest.fixture(scope="session")
def kind(app: str) -> type[Site]:
    """Give the application's kind of site."""
    return KINDS[app]


@pytest.fixture(scope="session")
def image(app: str, base: str) -> str:
    """Take the image that BERTH_TEST_MEDIAWIKI or BERTH_TEST_WORDPRESS names, else that of the present inputs."""
    return os.environ.get(f"BERTH_TEST_{app.upper()}") or built(IMAGES[app], base)


@pytest.fixture
def volume() -> Iterator[str]:
    """Make a volume for one test, whose containers are gone when it ends."""
    name = f"berth-test-{uuid.uuid4().hex[:8]}"
    docker("volume", "create", name)
    yield name
    docker("volume", "rm", name)


@pytest.fixture(scope="session")
def network() -> Iterator[str]:
    """Make a network for the tests' containers."""
    with server.network() as name:
        yield name


@pytest.fixture(scope="session")
def database(network: str) -> Iterator[Database]:
    """Start a throw-away database server."""
    with server.database(network) as running:
        yield running


@pytest.fixture
def fresh(kind: type[Site], image: str, database: Database) -> Iterator[Site]:
    """Give a site of which nothing exists yet."""
    with contextlib.closing(kind(image, database)) as site:
        yield site


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, kind: type[Site], image: str, database: Database) -> Iterator[Site]:
    """Give an installed site that the tests share: they read it, or write pages of their own."""
    with contextlib.closing(kind(image, database)) as installed:
        installed.install()
        request.session.stash[SHARED] = (installed, [])
        yield installed
        del request.session.stash[SHARED]


@pytest.fixture(scope="session")
def web(request: pytest.FixtureRequest, site: Site) -> str:
    """Serve the shared site."""
    name = site.serve()
    request.session.stash[SHARED][1].append(name)
    return name


@pytest.fixture(scope="module", autouse=True)
def _tidy(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave nothing running that a module started beside what all share."""
    yield
    if SHARED in request.session.stash:
        site, kept = request.session.stash[SHARED]
        site.tidy(*kept)
