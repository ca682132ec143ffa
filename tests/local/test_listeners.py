import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local import balancing, jobs
from tests.local.conftest import Cloud, free_port

pytestmark = pytest.mark.cloud

TEAPOT = {"StatusCode": "418", "ContentType": "text/plain", "MessageBody": "no such site"}


def _ask(port: int, host: str = "wiki.test", path: str = "/", **options: Any) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(options.pop("method", "GET"), path, headers={"Host": f"{host}:{port}"}, **options)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_any_host_is_routed_by_the_rules_on_the_listeners_own_port(shared_cloud: Cloud) -> None:
    """A rule's host reaches its target with Host, port and client told; every other host gets the default action."""
    group = balancing.group(shared_cloud, "routed")
    default = [{"Type": "fixed-response", "FixedResponseConfig": TEAPOT}]
    with balancing.backend() as server, balancing.listener(shared_cloud, "routed", default) as (listener, port):
        balancing.register(shared_cloud, group, server)
        condition = {"Field": "host-header", "HostHeaderConfig": {"Values": ["wiki.test"]}}
        elb = shared_cloud.client("elbv2")
        elb.create_rule(ListenerArn=listener, Priority=10, Conditions=[condition], Actions=balancing.forward(group))
        status, text = _ask(port, "WIKI.test", "/a?b=c")
        assert status == 200
        assert text.splitlines()[:3] == ["backend", "GET /a?b=c HTTP/1.1", f"Host: WIKI.test:{port}"]
        assert {"X-Forwarded-For: 127.0.0.1", f"X-Forwarded-Port: {port}"} <= set(text.splitlines())
        assert _ask(port, "other.test") == (418, "no such site")


def test_a_listener_lives_as_long_as_its_load_balancer(shared_cloud: Cloud) -> None:
    """The port is closed, and the listener gone, when the load balancer is deleted."""
    default = [{"Type": "fixed-response", "FixedResponseConfig": TEAPOT}]
    with balancing.listener(shared_cloud, "short", default) as (arn, port):
        assert _ask(port)[0] == 418
    found = shared_cloud.client("elbv2").describe_listeners(ListenerArns=[arn])["Listeners"]
    assert found == []
    jobs.wait(lambda: _refused(port), bool, seconds=5)


def _refused(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_busy_port_is_a_clear_error_and_leaves_nothing(shared_cloud: Cloud) -> None:
    """The call fails with the port's number; no listener is made."""
    elb = shared_cloud.client("elbv2")
    balancer = elb.create_load_balancer(Name="busy", Subnets=["subnet-1"])["LoadBalancers"][0]["LoadBalancerArn"]
    action = [{"Type": "fixed-response", "FixedResponseConfig": TEAPOT}]
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(ClientError, match=f"port {port} of this machine") as fault:
            elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=port, DefaultActions=action)
    assert fault.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"] == []
    elb.delete_load_balancer(LoadBalancerArn=balancer)


def test_large_bodies_pass_in_pieces(shared_cloud: Cloud) -> None:
    """An upload of 100 MB arrives whole, with a length and in chunks, over one connection."""
    group = balancing.group(shared_cloud, "large")
    with (
        balancing.backend() as server,
        balancing.listener(shared_cloud, "large", balancing.forward(group)) as (_, port),
    ):
        balancing.register(shared_cloud, group, server)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        size, piece = 100 << 20, bytes(1 << 20)
        for headers in ({"Content-Length": str(size)}, {"Transfer-Encoding": "chunked"}):
            pieces = (piece for _ in range(100))
            connection.request("PUT", "/up", pieces, headers, encode_chunked="Transfer-Encoding" in headers)
            assert connection.getresponse().read().decode().endswith(f"read {size}")
        connection.close()


def test_nobody_to_forward_to(shared_cloud: Cloud) -> None:
    """An empty group answers 503, a target that refuses 502."""
    group = balancing.group(shared_cloud, "nobody")
    with balancing.listener(shared_cloud, "nobody", balancing.forward(group)) as (_, port):
        assert _ask(port)[0] == 503
        dead = {"Id": "127.0.0.1", "Port": free_port()}
        shared_cloud.client("elbv2").register_targets(TargetGroupArn=group, Targets=[dead])
        jobs.wait(lambda: _ask(port)[0], lambda status: status == 502, seconds=5)


def test_a_deregistered_target_finishes_what_it_has_begun(shared_cloud: Cloud) -> None:
    """It is draining while a request is in flight, gets no new one, and is gone afterwards."""
    group = balancing.group(shared_cloud, "drained")
    with (
        balancing.backend("first") as first,
        balancing.backend("second") as second,
        balancing.listener(shared_cloud, "drained", balancing.forward(group)) as (_, port),
        ThreadPoolExecutor() as pool,
    ):
        balancing.register(shared_cloud, group, first)
        jobs.wait(lambda: balancing.states(shared_cloud, group), lambda seen: "healthy" in seen.values())
        slow = pool.submit(_ask, port, path="/slow")
        balancing.register(shared_cloud, group, second)
        jobs.wait(lambda: balancing.states(shared_cloud, group), lambda seen: list(seen.values()) == ["healthy"] * 2)
        target = balancing.target(first)
        shared_cloud.client("elbv2").deregister_targets(TargetGroupArn=group, Targets=[target])
        assert balancing.states(shared_cloud, group)[first.server_address] == "draining"
        assert {_ask(port)[1].splitlines()[0] for _ in range(6)} == {"second"}
        assert slow.result()[1].startswith("first\n")
        jobs.wait(
            lambda: balancing.states(shared_cloud, group), lambda seen: first.server_address not in seen, seconds=5
        )


def test_a_connection_serves_many_requests(shared_cloud: Cloud) -> None:
    """Clients keep their connection; a broken request ends it with 400."""
    group = balancing.group(shared_cloud, "kept")
    with balancing.backend() as server, balancing.listener(shared_cloud, "kept", balancing.forward(group)) as (_, port):
        balancing.register(shared_cloud, group, server)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        locals_seen = set()
        for _ in range(5):
            connection.request("GET", "/")
            connection.getresponse().read()
            locals_seen.add(connection.sock.getsockname())
        connection.close()
        assert len(locals_seen) == 1
        with socket.create_connection(("127.0.0.1", port)) as broken:
            broken.sendall(b"nonsense\r\n\r\n")
            assert broken.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_rule_needs_a_priority_of_its_own(shared_cloud: Cloud) -> None:
    """Two rules cannot share a number."""
    default = [{"Type": "fixed-response", "FixedResponseConfig": TEAPOT}]
    condition = {"Field": "path-pattern", "Values": ["/x"]}
    elb = shared_cloud.client("elbv2")
    with balancing.listener(shared_cloud, "numbered", default) as (listener, _):
        elb.create_rule(ListenerArn=listener, Priority=5, Conditions=[condition], Actions=default)
        with pytest.raises(elb.exceptions.PriorityInUseException):
            elb.create_rule(ListenerArn=listener, Priority=5, Conditions=[condition], Actions=default)


def test_a_protected_load_balancer_stays(shared_cloud: Cloud) -> None:
    """Deletion protection holds until it is taken away."""
    elb = shared_cloud.client("elbv2")
    arn = elb.create_load_balancer(Name="protected", Subnets=["subnet-1"])["LoadBalancers"][0]["LoadBalancerArn"]
    protection = {"Key": "deletion_protection.enabled", "Value": "true"}
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[protection])
    with pytest.raises(elb.exceptions.OperationNotPermittedException):
        elb.delete_load_balancer(LoadBalancerArn=arn)
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[protection | {"Value": "false"}])
    elb.delete_load_balancer(LoadBalancerArn=arn)


def test_many_at_once(shared_cloud: Cloud) -> None:
    """A hundred clients side by side all get their answers, shared out among the targets."""
    group = balancing.group(shared_cloud, "crowd")
    with (
        balancing.backend("a") as one,
        balancing.backend("b") as two,
        balancing.listener(shared_cloud, "crowd", balancing.forward(group)) as (_, port),
        ThreadPoolExecutor(50) as pool,
    ):
        balancing.register(shared_cloud, group, one, two)
        jobs.wait(lambda: balancing.states(shared_cloud, group), lambda seen: list(seen.values()) == ["healthy"] * 2)
        ready = threading.Barrier(50)

        def ask() -> str:
            ready.wait()
            return "".join(_ask(port)[1].splitlines()[0] for _ in range(2))

        answers = "".join(future.result() for future in [pool.submit(ask) for _ in range(50)])
        assert sorted(answers) == ["a"] * 50 + ["b"] * 50
