import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.image.containers import docker, execute, logs, wait_exit
from tests.image.site import Site, get

pytestmark = pytest.mark.containers

PROXIES = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
NAMES = {"mediawiki": "MEDIAWIKI_SERVER", "wordpress": "WORDPRESS_URL"}
FALLBACK = "https://fallback.example.org"


@pytest.fixture
def endpoint(network: str) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Answer as ECS does when a task asks about itself; each answer once, the last for ever."""
    gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network).stdout.strip()
    answers: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answers.pop(0) if len(answers) > 1 else answers[0]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((gateway, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{gateway}:{server.server_port}/v4/abc", answers
        server.shutdown()


@pytest.fixture(scope="module")
def forwarded(site: Site) -> str:
    """Serve the shared site under whatever name its proxy forwards."""
    return site.serve(**{NAMES[site.app]: "forwarded", "SERVER_FALLBACK": FALLBACK, "TRUSTED_PROXIES": PROXIES})


@pytest.fixture(scope="module")
def unknown(site: Site) -> str:
    """Serve it behind a proxy that is not the one who asks here."""
    return site.serve(**{NAMES[site.app]: "forwarded", "SERVER_FALLBACK": FALLBACK, "TRUSTED_PROXIES": "203.0.113.7"})


@pytest.mark.parametrize("host", ["one.example.org", "two.example.org:8443"])
def test_the_address_is_what_the_proxy_forwards(site: Site, forwarded: str, host: str) -> None:
    """Pages name the host and the protocol that people asked for, kept pages too."""
    for _ in range(2):
        answer = get(forwarded, site.front, Host=host, X_Forwarded_Proto="https")
        assert answer.status == 200
        assert f"https://{host}".encode() in answer.body
    assert answer.headers["X-Cache"] == "HIT"
    plain = get(forwarded, site.front, Host=host, X_Forwarded_Proto="http")
    assert f"https://{host}".encode() not in plain.body


def test_a_stranger_s_host_is_no_address(site: Site, unknown: str) -> None:
    """Who does not come through the proxy gets a clear refusal, whatever is asked for."""
    for path in (site.front, "/", "/index.php", "/purge%0a", "/healthz/x", "/unknown-server"):
        answer = get(unknown, path, Host="evil.example.org", X_Forwarded_Proto="https")
        assert (answer.status, answer.headers["X-Cache"]) == (400, None), path
        assert answer.body.startswith(b"This site answers what its proxy forwards"), path


def test_probes_need_no_proxy(unknown: str) -> None:
    """Health checks ask by address."""
    assert [get(unknown, path).status for path in ("/healthz", "/readyz")] == [200, 200]
    execute(unknown, "health")


@pytest.mark.parametrize("host", ["evil.example.org/x", "a'b", 'a"b', "a<b>", "evil.example.org:80:80", "user@evil"])
def test_what_is_no_host_is_refused(site: Site, forwarded: str, host: str) -> None:
    """The proxy forwards what people type: what could not be a host's name becomes no address."""
    assert get(forwarded, site.front, Host=host).status == 400


def test_jobs_have_the_fallback(site: Site, forwarded: str) -> None:
    """What no request asks for names the address that is set for it."""
    name = {"mediawiki": "MEDIAWIKI_SERVER", "wordpress": "WORDPRESS_URL"}[site.app]
    code = f'require "/usr/local/lib/berth/php/server.php"; echo Berth\\server_url(getenv("{name}"));'
    assert execute(forwarded, f"php -r '{code}'") == FALLBACK


def test_the_address_is_the_task_s_own(site: Site, endpoint: tuple[str, list[dict[str, object]]]) -> None:
    """With `metadata` ECS is asked where the task is, until it knows."""
    url, answers = endpoint
    network = {"NetworkMode": "awsvpc", "IPv4Addresses": ["10.1.2.3"]}
    answers += [{"DockerId": "x"}, {"Networks": []}, {"Networks": [network, network]}]
    web = site.serve(**{NAMES[site.app]: "metadata", "ECS_CONTAINER_METADATA_URI_V4": url})
    assert b"http://10.1.2.3:8080" in get(web, site.front, Host="10.1.2.3:8080").body
    assert len(answers) == 1


def test_without_ecs_there_is_no_such_address(site: Site) -> None:
    """Elsewhere the container ends with one clear sentence."""
    name = site.start("serve", **{NAMES[site.app]: "metadata"})
    assert wait_exit(name) == 1
    assert "ECS_CONTAINER_METADATA_URI_V4 names none" in logs(name)
