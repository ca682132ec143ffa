import contextlib
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.image import cache
from tests.image.blog import HOST, within
from tests.image.cache import PASSWORD, Cache
from tests.image.certificates import issue
from tests.image.client import Client
from tests.image.containers import docker, eventually, execute, logs, wait_exit
from tests.image.person import administrator
from tests.image.site import ADMIN, Database, Site, get
from tests.image.test_serve import ENVIRONMENTS

pytestmark = pytest.mark.containers

ON = {"PAGE_CACHE_SECONDS": "0", "WORDPRESS_MULTISITE": "subdirectory"}
"""Every page is asked of the application; the blog is a network."""


@dataclass(frozen=True)
class Cached:
    """A site with a cache, and two replicas that serve it."""

    site: Site
    cache: Cache
    web: str
    other: str

    def page(self, replica: str) -> int:
        """Ask a replica for a page that the application makes, for no other reader had this address; its status."""
        return get(replica, f"{self.site.front}?reader={uuid.uuid4()}", Host=HOST).status


@pytest.fixture(scope="module")
def shared(network: str, base: str, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    """Start a cache."""
    host, folder = f"{network}-cache", tmp_path_factory.mktemp("cache")
    issue(image, host, folder)
    with cache.server(network, host, folder, base) as running:
        yield running


@pytest.fixture(scope="module")
def cached(kind: type[Site], image: str, database: Database, shared: Cache) -> Iterator[Cached]:
    """Install a site that has a cache, and serve it twice."""
    with closing(kind(image, database)) as site:
        given = ON | shared.environment
        assert site.run("provision")[0] == 0
        code, errors = site.run("migrate", *shared.mount, **given)
        assert code == 0, errors
        web, other = (site.serve(*shared.mount, **given) for _ in range(2))
        yield Cached(site, shared, web, other)


@contextlib.contextmanager
def away(server: Cache, how: str, back: str) -> Iterator[None]:
    """Do something while the server is away."""
    docker(how, server.host)
    try:
        yield
    finally:
        docker(back, server.host)
        eventually(server.answers, "the cache answers")


def _within(replica: str, php: str) -> str:
    """Run PHP inside a blog, with what the entrypoint makes of the environment; what it prints."""
    start = 'require "/usr/local/lib/berth/app/request.php"; require "/usr/share/wordpress/wp-load.php"; '
    return execute(replica, f"entrypoint php -r '{start}{php}'")


def _lines(replica: str, beginning: str) -> int:
    """Count lines of the log; nginx repeats what PHP says while it answers a request."""
    return len(re.findall(f'"message":"(?:PHP message: )?{re.escape(beginning)}', logs(replica)))


def _used(cached: Cached, replica: str) -> bool:
    """Whether a replica writes to the server, which is emptied before."""
    cached.cache.ask("FLUSHALL")
    cached.page(replica)
    return bool(cached.cache.keys())


def test_what_replicas_share_is_on_the_server(cached: Cached) -> None:
    """A page leaves values behind, whose names begin with the site's own."""
    assert [cached.page(replica) for replica in (cached.web, cached.other)] == [200, 200]
    keys = cached.cache.keys()
    assert len(keys) > 5
    assert {key.split("-")[0] for key in keys} == {cached.site.name}


@pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")
def test_a_wiki_keeps_its_sessions_there(cached: Cached) -> None:
    """A person who logged in on one replica edits on the other; parsed pages stay in the database."""
    client = Client()
    client.log_in(cached.other, ADMIN, cached.site.admin_password, token_from=cached.web)
    client.edit(cached.web, "Shared", "written on one")
    assert b"written on one" in get(cached.other, "/wiki/Shared").body
    assert len(cached.cache.keys("MWSession")) >= 1
    held = cached.site.query(f"SELECT keyname FROM {cached.site.name}.objectcache")
    assert [key for key in held if "pcache" in key]
    assert cached.cache.keys("pcache") == []


@pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")
def test_nobody_is_logged_out_when_it_goes(cached: Cached) -> None:
    """A person stays logged in and saves while it is stopped, and when it is back, empty, as well."""
    client = Client()
    client.log_in(cached.web, ADMIN, cached.site.admin_password)
    with away(cached.cache, "stop", "start"):
        client.edit(cached.other, "Away", "written without it")
        assert b"written without it" in get(cached.web, "/wiki/Away").body
    eventually(lambda: _used(cached, cached.web), "the cache is used again", 20)
    client.edit(cached.web, "Away", "written with it")


@pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")
def test_a_blog_keeps_its_objects_there(cached: Cached) -> None:
    """A person who logged in on one replica writes on the other; what one cached the other need not ask for."""
    person = administrator(cached.site, cached.web)
    post = person.call(cached.other, "/wp/v2/posts", title="Shared", content="written on one", status="publish")
    assert b"written on one" in get(cached.web, post["link"].removeprefix(f"http://{HOST}"), Host=HOST).body
    _within(cached.web, 'wp_cache_set("from", "the one", "test");')
    assert _within(cached.other, 'echo wp_cache_get("from", "test");') == "the one"


@pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")
def test_each_function_answers_as_wordpress_own(cached: Cached) -> None:
    """Values, numbers, groups and blogs are what they are without a server, down to the type."""
    mount = ("--volume", f"{Path(__file__).parent / 'object_cache.php'}:/ask.php:ro", *cached.cache.mount)
    told = []
    for given in (ON, ON | cached.cache.environment):
        asked = cached.site.start("php /ask.php", *mount, **given)
        assert wait_exit(asked) == 0, logs(asked)
        told.append(docker("logs", asked).stdout.splitlines())
    assert len(told[0]) > 60
    assert told[1] == told[0]


@pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")
def test_a_request_may_forget_what_it_knows_alone(cached: Cached) -> None:
    """To flush at run time leaves the server's values; one blog's numbers add up whoever counts."""
    counted = 'wp_cache_set("count", 1, "test"); wp_cache_flush_runtime(); wp_cache_incr("count", 1, "test");'
    _within(cached.web, counted)
    assert _within(cached.other, 'echo wp_cache_incr("count", 1, "test");') == "3"
    _within(cached.web, "wp_cache_flush();")
    assert _within(cached.other, 'var_export(wp_cache_get("count", "test"));') == "false"


def test_the_password_is_nowhere_to_be_seen(cached: Cached) -> None:
    """It left the environment for a file, and no process, log or key shows it."""
    assert PASSWORD not in execute(cached.web, ENVIRONMENTS) + logs(cached.web) + logs(cached.other)
    assert execute(cached.web, "cat /run/berth/secrets/CACHE_PASSWORD") == PASSWORD


def test_a_migration_forgets_what_was_cached(cached: Cached) -> None:
    """After the migrate job nobody reads what an earlier release wrote."""
    (name,) = cached.cache.keys("generations")
    before = cached.cache.ask("HGET", name, "")
    assert cached.site.run("migrate", *cached.cache.mount, **ON, **cached.cache.environment)[0] == 0
    assert len(before) == 1
    assert cached.cache.ask("HGET", name, "") != before


def test_without_its_server_a_site_goes_on(cached: Cached) -> None:
    """Pages come while it is stopped, one line of the log says so, and when it is back it is used again."""
    away_line = f"the cache at {cached.cache.host}:6379 does not answer, going on without it: "
    back_line = "the cache answers again; what it held was forgotten"
    before = [_lines(cached.web, line) for line in (away_line, back_line)]
    with away(cached.cache, "stop", "start"):
        for _ in range(3):
            began = time.monotonic()
            assert cached.page(cached.web) == 200
            assert time.monotonic() - began < 10
    eventually(lambda: _used(cached, cached.web), "the cache is used again", 20)
    assert [_lines(cached.web, line) for line in (away_line, back_line)] == [number + 1 for number in before]


def test_a_server_that_hangs_holds_nobody_up(cached: Cached) -> None:
    """A server that takes requests and answers none is tried now and then, not by each request."""
    before = cached.cache.connections()
    with away(cached.cache, "pause", "unpause"):
        assert [cached.page(cached.web) for _ in range(20)] == [200] * 20
    assert cached.cache.connections() - before < 20
    eventually(lambda: _used(cached, cached.web), "the cache is used again", 20)


@pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")
def test_what_changed_while_it_was_away_is_seen(cached: Cached) -> None:
    """A server that comes back with what it held does not bring back what was changed meanwhile."""
    assert _within(cached.other, 'echo get_option("blogname");') == "Test"
    with away(cached.cache, "pause", "unpause"):
        _within(cached.web, 'update_option("blogname", "Changed");')
    _within(cached.web, 'get_option("blogname");')
    assert _within(cached.other, 'echo get_option("blogname");') == "Changed"


@pytest.mark.parametrize("wrong", [{"CACHE_TLS_CA": "/tls/other.pem"}, {"CACHE_PASSWORD": "canary-wrong"}])
def test_a_replica_that_is_told_wrong_serves_without_it(cached: Cached, wrong: dict[str, str]) -> None:
    """A server that nobody vouches for gets nothing, and one that refuses the password takes nothing."""
    replica = cached.site.serve(*cached.cache.mount, **ON | cached.cache.environment | wrong)
    assert [cached.page(replica) for _ in range(3)] == [200] * 3
    said = f"the cache at {cached.cache.host}:6379 does not answer, going on without it: "
    assert (_lines(replica, said), _lines(replica, "the cache answers again")) == (1, 0)
    assert "canary" not in logs(replica)


def test_without_a_cache_none_is_used(site: Site, web: str, app: str) -> None:
    """A site that names no server has its application's own way: the database, and memory."""
    if app == "wordpress":
        found = within(web, "echo get_class($wp_object_cache), (int) wp_using_ext_object_cache();")
        assert found == "WP_Object_Cache0"
    else:
        asked = "echo json_encode([$wgMainCacheType, $wgMessageCacheType, $wgSessionCacheType]);"
        run = f"echo '{asked}' | entrypoint php {site.root}/maintenance/run.php eval"
        assert "[1,1,1]" in execute(web, run)
    assert "cache at" not in logs(web)
