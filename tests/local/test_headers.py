import h11

from local.adapter import _headers


def _request(**more: str) -> h11.Request:
    given = [
        ("Host", "wiki.test:8081"),
        ("Accept-Encoding", "gzip"),
        *((k.replace("_", "-"), v) for k, v in more.items()),
    ]
    return h11.Request(method="GET", target="/", headers=given)


def _forwarded(request: h11.Request, mode: str = "append") -> dict[str, str]:
    found = _headers.forwarded(request, "192.0.2.7", "HTTP", 8081, mode)
    return {name.decode().lower(): value.decode() for name, value in found}


def test_the_target_sees_who_asked_and_how() -> None:
    """The load balancer adds the client, the protocol and its port, and keeps Host with its port."""
    seen = _forwarded(_request())
    assert seen["host"] == "wiki.test:8081"
    assert (seen["x-forwarded-for"], seen["x-forwarded-proto"], seen["x-forwarded-port"]) == (
        "192.0.2.7",
        "http",
        "8081",
    )
    assert seen["x-amzn-trace-id"].startswith("Root=1-")


def test_a_client_cannot_name_protocol_or_port() -> None:
    """What a client says of the connection is replaced, not added to."""
    seen = _forwarded(_request(X_Forwarded_Proto="https", X_Forwarded_Port="443"))
    assert (seen["x-forwarded-proto"], seen["x-forwarded-port"]) == ("http", "8081")


def test_the_chain_of_clients_is_kept_as_the_attribute_says() -> None:
    """Append adds the peer, preserve leaves the field alone, remove drops it."""
    request = _request(X_Forwarded_For="203.0.113.9")
    assert _forwarded(request)["x-forwarded-for"] == "203.0.113.9, 192.0.2.7"
    assert _forwarded(request, "preserve")["x-forwarded-for"] == "203.0.113.9"
    assert "x-forwarded-for" not in _forwarded(request, "remove")


def test_what_is_for_one_connection_only_does_not_pass() -> None:
    """Hop-by-hop fields, and those that Connection names, end at the load balancer."""
    seen = _forwarded(_request(Connection="keep-alive, X-Secret", X_Secret="1", Keep_Alive="timeout=5", TE="trailers"))
    assert seen["connection"] == "close"
    assert not {"x-secret", "keep-alive", "te"} & set(seen)
