import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.entrypoint.conftest import Bash

SOURCES = ("lib/log.sh", "lib/env.sh", "lib/server.sh")
WIKI = {"APP_SERVER": "MEDIAWIKI_SERVER", "TRUSTED_PROXIES": "10.0.0.0/8"}
RESOLVE = 'server_defaults; server_resolve; printf "%s %s" "$MEDIAWIKI_SERVER" "$SERVER_FALLBACK"'


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[object]]]:
    """Answer as the task metadata endpoint does: a status or a container's networks, in turn, the last for ever."""
    answers: list[object] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            body = b"" if isinstance(answer, int) else json.dumps({"Networks": answer}).encode()
            self.send_response(answer if isinstance(answer, int) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", answers
        server.shutdown()


def test_a_url_stays_and_is_the_jobs_too(bash: Bash) -> None:
    """What the settings name is the address of everything."""
    done = bash(RESOLVE, *SOURCES, **WIKI, MEDIAWIKI_SERVER="https://wiki.example.org")
    assert done.stdout == "https://wiki.example.org https://wiki.example.org"


def test_forwarded_leaves_jobs_an_address_of_their_own(bash: Bash) -> None:
    """What no request asks for has the address that is set for it."""
    given = {"MEDIAWIKI_SERVER": "forwarded", "SERVER_FALLBACK": "https://wiki.example.org"}
    done = bash(f"{RESOLVE}; server_validate; env_check", *SOURCES, **WIKI, **given)
    assert (done.returncode, done.stdout) == (0, "forwarded https://wiki.example.org")


def test_forwarded_needs_somebody_to_trust(bash: Bash) -> None:
    """Without trusted proxies nobody could say what the address is."""
    given = WIKI | {"MEDIAWIKI_SERVER": "forwarded", "TRUSTED_PROXIES": ""}
    done = bash("server_defaults; server_validate; env_check", *SOURCES, **given)
    assert done.returncode == 1
    assert "TRUSTED_PROXIES: not set; with MEDIAWIKI_SERVER=forwarded" in done.stderr


@pytest.mark.parametrize(("server", "flag"), [("forwarded", 1), ("https://wiki.example.org", 0)])
def test_nginx_is_told(bash: Bash, folders: dict[str, Path], server: str, flag: int) -> None:
    """Only where the proxy's word is the address does nginx turn strangers away."""
    bash("server_write", *SOURCES, **WIKI, MEDIAWIKI_SERVER=server)
    assert (folders["run"] / "server.conf").read_text() == f'map "" $server_forwarded {{ default {flag}; }}\n'


def test_metadata_gives_the_first_ipv4_address(bash: Bash, endpoint: tuple[str, list[object]]) -> None:
    """The endpoint is asked again while it fails or knows no network yet."""
    url, answers = endpoint
    network = {"NetworkMode": "awsvpc", "IPv4Addresses": ["10.0.2.106", "10.0.2.107"], "IPv6Addresses": ["fd00::1"]}
    answers += [503, None, [], [network]]
    done = bash(RESOLVE, *SOURCES, **WIKI, MEDIAWIKI_SERVER="metadata", ECS_CONTAINER_METADATA_URI_V4=url)
    assert done.stdout == "http://10.0.2.106:8080 http://10.0.2.106:8080", done.stderr


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (500, "500 Internal Server Error"),
        ([], "it names no IPv4 address"),
        ([{"IPv4Addresses": ["x"]}], "names no IPv4 address"),
    ],
    ids=["broken", "no_network", "no_address"],
)
def test_an_endpoint_of_no_use_is_one_clear_error(
    bash: Bash, endpoint: tuple[str, list[object]], answer: object, why: str
) -> None:
    """After bounded retries the container ends, and says what it was told."""
    url, answers = endpoint
    answers.append(answer)
    given = {"MEDIAWIKI_SERVER": "metadata", "ECS_CONTAINER_METADATA_URI_V4": url, "METADATA_WAIT_SECONDS": "1"}
    done = bash(RESOLVE, *SOURCES, **WIKI, **given)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert f"error: the task metadata endpoint {url} gives no address: " in line
    assert why in line


def test_without_an_endpoint_metadata_is_an_error(bash: Bash) -> None:
    """Outside of ECS there is nobody to ask."""
    done = bash(RESOLVE, *SOURCES, **WIKI, MEDIAWIKI_SERVER="metadata")
    assert done.returncode == 1
    assert "ECS_CONTAINER_METADATA_URI_V4 names none; that is set in tasks of ECS only" in done.stderr
