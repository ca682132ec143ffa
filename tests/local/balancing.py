"""Targets and load balancers that several tests share."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
from botocore.config import Config

from local import cloud as clouds
from tests.local.conftest import Cloud, free_port


class Backend(BaseHTTPRequestHandler):
    """Answers with what it was asked; `/readyz` with the server's status, `/slow` after a while."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/readyz":
            self._answer(self.server.status, b"")
            return
        if self.path == "/slow":
            time.sleep(1.5)
        size = self._read()
        lines = [self.requestline, *(f"{name}: {value}" for name, value in self.headers.items()), f"read {size}"]
        self._answer(200, "\n".join([self.server.name, *lines]).encode())

    do_POST = do_PUT = do_GET  # noqa: N815 -- the names that http.server calls

    def _read(self) -> int:
        if self.headers.get("Transfer-Encoding") == "chunked":
            return self._read_chunks()
        left = size = int(self.headers.get("Content-Length", 0))
        while left:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        return size

    def _read_chunks(self) -> int:
        total = 0
        while size := int(self.rfile.readline(), 16):
            total += len(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return total

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Keep-Alive", "timeout=5")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@contextmanager
def backend(name: str = "backend") -> Iterator[ThreadingHTTPServer]:
    """Serve on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    server.name, server.status = name, 200
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def group(cloud: Cloud, name: str, **settings: Any) -> str:
    """Make a target group with a health check quicker than AWS allows, and give its ARN."""
    quick = {
        "HealthCheckPath": "/readyz",
        "HealthCheckIntervalSeconds": 1,
        "HealthCheckTimeoutSeconds": 1,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2,
        "Matcher": {"HttpCode": "200"},
    }
    made = _unchecked(cloud).create_target_group(
        Name=name, Protocol="HTTP", Port=8080, VpcId="vpc-1", TargetType="ip", **(quick | settings)
    )
    return made["TargetGroups"][0]["TargetGroupArn"]


def _unchecked(cloud: Cloud) -> Any:
    """Give a client that leaves it to the cloud what is allowed."""
    settings = clouds.environment(cloud.port)
    return boto3.client(
        "elbv2",
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        config=Config(parameter_validation=False),
    )


def register(cloud: Cloud, group_arn: str, *servers: ThreadingHTTPServer) -> None:
    """Register servers of this machine as targets."""
    cloud.client("elbv2").register_targets(TargetGroupArn=group_arn, Targets=[target(server) for server in servers])


def target(server: ThreadingHTTPServer) -> dict[str, Any]:
    """Describe a server as a target."""
    host, port = server.server_address
    return {"Id": host, "Port": port}


def forward(group_arn: str) -> list[dict[str, Any]]:
    """Write the actions that forward to a group."""
    return [{"Type": "forward", "TargetGroupArn": group_arn}]


@contextmanager
def listener(cloud: Cloud, name: str, actions: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    """Make a load balancer with one listener on a free port; give the listener's ARN and port."""
    elb, port = cloud.client("elbv2"), free_port()
    balancer = elb.create_load_balancer(Name=name, Subnets=["subnet-1"])["LoadBalancers"][0]["LoadBalancerArn"]
    made = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=port, DefaultActions=actions)
    yield made["Listeners"][0]["ListenerArn"], port
    elb.delete_load_balancer(LoadBalancerArn=balancer)


def states(cloud: Cloud, group_arn: str) -> dict[tuple[str, int], str]:
    """Give the state of each target by address and port."""
    found = cloud.client("elbv2").describe_target_health(TargetGroupArn=group_arn)["TargetHealthDescriptions"]
    return {(each["Target"]["Id"], each["Target"]["Port"]): each["TargetHealth"]["State"] for each in found}


def get(port: int, path: str = "/") -> str:
    """Ask a listener for a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    body = connection.getresponse().read().decode()
    connection.close()
    return body
