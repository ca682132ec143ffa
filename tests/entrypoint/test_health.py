import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.entrypoint.conftest import ENTRYPOINT


class _Answer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """Answer on a port of its own."""
    with HTTPServer(("127.0.0.1", 0), _Answer) as running:
        Thread(target=running.serve_forever).start()
        yield running
        running.shutdown()


def _health(port: int) -> int:
    return subprocess.run([ENTRYPOINT / "health", str(port)], capture_output=True, check=False).returncode


def test_answer_is_healthy(server: HTTPServer) -> None:
    """A 200 of /healthz is health."""
    assert _health(server.server_port) == 0


def test_error_is_unhealthy(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other answer is not."""
    monkeypatch.setattr(_Answer, "status", 502)
    assert _health(server.server_port) != 0


def test_silence_is_unhealthy(server: HTTPServer) -> None:
    """Neither is a port that nobody listens on."""
    port = server.server_port
    server.server_close()
    assert _health(port) != 0
