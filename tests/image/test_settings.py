import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.image.containers import docker, execute, logs, wait_exit
from tests.image.site import Site, get

pytestmark = pytest.mark.containers

CREDENTIALS = json.dumps({"AccessKeyId": "AKIA", "SecretAccessKey": "canary", "Token": "t"}).encode()
GOOD = b"<?php\nheader('X-Extra: from S3');\n"


@dataclass
class Bucket:
    """What a pretended S3 answers: statuses before the first success, then the content."""

    address: str = ""
    content: bytes = GOOD
    refusals: list[int] = field(default_factory=list)
    missing_bytes: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def etag(self) -> str:
        """The content's etag, as S3 has it."""
        return hashlib.md5(self.content).hexdigest()  # noqa: S324 - S3's own

    def environment(self, **file: str) -> dict[str, str]:
        """Return what the platform gives a container that is to read it."""
        named = {"uri": "s3://berth-test/wiki/extra.php", "etag": self.etag, "version": ""} | file
        return {
            "CONFIG_FILES": json.dumps([named]),
            "CONFIG_REGION": "eu-west-1",
            "CONFIG_WAIT_SECONDS": "3",
            "AWS_ENDPOINT_URL": self.address,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.address}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "canary-token",
        }


def _handler(bucket: Bucket) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bucket.asked.append((self.path, self.headers.get("Authorization", "")))
            if self.path == "/credentials":
                self._answer(200, CREDENTIALS)
            elif bucket.refusals:
                self._answer(bucket.refusals.pop(0), b"")
            else:
                self._answer(200, bucket.content)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("ETag", f'"{bucket.etag}"')
            self.send_header("Content-Length", str(len(content) + bucket.missing_bytes * (content == bucket.content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def bucket(network: str) -> Iterator[Bucket]:
    """Answer S3's calls on the network of the containers."""
    gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network).stdout.strip()
    made = Bucket()
    with ThreadingHTTPServer((gateway, 0), _handler(made)) as server:
        made.address = f"http://{gateway}:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


def test_settings_come_from_s3(site: Site, bucket: Bucket) -> None:
    """A file in S3 is read with the task's role, signed, after a refusal too, and has the last word."""
    bucket.refusals = [503, 403]
    web = site.serve(**bucket.environment())
    assert get(web, "/").headers["X-Extra"] == "from S3"
    (credentials, token), *objects = bucket.asked
    assert (credentials, token) == ("/credentials", "canary-token")
    signed = [authorization for path, authorization in objects if path == "/berth-test/wiki/extra.php"]
    assert len(signed) == 3
    assert all(text.startswith("AWS4-HMAC-SHA256 Credential=AKIA/") for text in signed)
    assert all("/eu-west-1/s3/aws4_request" in text for text in signed)
    assert execute(web, "stat -c %a /run/berth/settings").strip() == "700"


def test_the_version_that_was_applied_is_read(site: Site, bucket: Bucket) -> None:
    """Where the bucket keeps versions, a later change does not reach a task that was made before it."""
    site.serve(**bucket.environment(version="v+1", etag="other"))
    assert "/berth-test/wiki/extra.php?versionId=v%2B1" in [path for path, _ in bucket.asked]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"refusals": [404] * 50}, "S3 answered 404"),
        ({"refusals": [500] * 50}, "S3 answered 500"),
        ({"missing_bytes": 7}, "cannot be read: "),
        ({"content": GOOD[:-4]}, "is no whole PHP file; is it truncated?"),
        ({"content": b""}, "is no whole PHP file; is it truncated?"),
        ({"content": b"key: value\n"}, "is no whole PHP file; is it truncated?"),
    ],
    ids=["missing", "broken", "cut_off", "half", "empty", "not_php"],
)
def test_what_cannot_be_used_is_one_clear_error(
    site: Site, bucket: Bucket, change: dict[str, object], message: str
) -> None:
    """Nothing is served with half its settings: the container ends, naming the file and what is wrong with it."""
    for name, value in change.items():
        setattr(bucket, name, value)
    name = site.start("serve", **bucket.environment())
    assert wait_exit(name) != 0
    assert "s3://berth-test/wiki/extra.php: " in logs(name)
    assert message in logs(name)
    assert "canary" not in logs(name)


def test_a_change_that_was_not_applied_is_refused(site: Site, bucket: Bucket) -> None:
    """Without versions, another content than the applied one is told, not served beside the old."""
    name = site.start("serve", **bucket.environment(etag="0" * 32))
    assert wait_exit(name) != 0
    assert "has changed since it was applied" in logs(name)


def test_no_role_is_one_clear_error(site: Site) -> None:
    """A task without credentials says so."""
    environment = {"CONFIG_FILES": '[{"uri": "s3://berth-test/a.php"}]', "CONFIG_REGION": "eu-west-1"}
    name = site.start("serve", CONFIG_WAIT_SECONDS="1", **environment)
    assert wait_exit(name) != 0
    assert "s3://berth-test/a.php: cannot be read: the task has no credentials" in logs(name)
