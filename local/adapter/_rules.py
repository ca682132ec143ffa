"""Which action of a listener answers a request. Pure: no store, no socket.

MiniStack's own matcher compares hosts case-sensitively, takes `[` in a pattern for a set and lets every unknown
condition match; this one keeps to what a load balancer does.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LAST = 1_000_000


@dataclass(frozen=True)
class Request:
    """What rules look at: `target` is the request line's, `host` keeps its port, header names are lower case."""

    method: str
    target: str
    host: str
    headers: Mapping[str, str]
    client: str

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.target).path or "/"

    @property
    def query(self) -> str:
        """The query without its question mark."""
        return urlsplit(self.target).query

    @property
    def hostname(self) -> str:
        """The host without its port."""
        return self.host.rsplit(":", 1)[0] if re.search(r":\d+$", self.host) else self.host


def priority(rule: Mapping[str, Any]) -> int:
    """Give a rule's place; the default rule comes last."""
    return LAST if rule.get("IsDefault") else int(rule["Priority"])


def actions(rules: Iterable[Mapping[str, Any]], request: Request) -> list[dict[str, Any]]:
    """Choose the actions of the first rule whose conditions all hold."""
    for rule in sorted(rules, key=priority):
        if all(holds(condition, request) for condition in rule.get("Conditions", [])):
            return rule.get("Actions", [])
    return []


def holds(condition: Mapping[str, Any], request: Request) -> bool:
    """Tell whether one condition holds; one of an unknown kind does not."""
    check = _CHECKS.get(condition.get("Field", ""))
    return check is not None and check(condition, request)


def _pattern(pattern: str, value: str, flags: int = 0) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, flags | re.DOTALL) is not None


def _host(condition: Mapping[str, Any], request: Request) -> bool:
    return any(_pattern(value, request.hostname, re.IGNORECASE) for value in condition["Values"])


def _path(condition: Mapping[str, Any], request: Request) -> bool:
    return any(_pattern(value, request.path) for value in condition["Values"])


def _method(condition: Mapping[str, Any], request: Request) -> bool:
    return request.method in condition["Values"]


def _header(condition: Mapping[str, Any], request: Request) -> bool:
    config = condition["HttpHeaderConfig"]
    value = request.headers.get(config["HttpHeaderName"].lower())
    return value is not None and any(_pattern(wanted, value, re.IGNORECASE) for wanted in config["Values"])


def _query(condition: Mapping[str, Any], request: Request) -> bool:
    given = parse_qsl(request.query, keep_blank_values=True)
    return any(_has(value, given) for value in condition["Values"])


def _has(wanted: str, given: list[tuple[str, str]]) -> bool:
    key, separator, value = wanted.rpartition("=")
    return any((not separator or _pattern(key, name, re.IGNORECASE)) and _pattern(value, text) for name, text in given)


def _source(condition: Mapping[str, Any], request: Request) -> bool:
    client = ipaddress.ip_address(request.client)
    return any(client in ipaddress.ip_network(block) for block in condition["Values"])


_CHECKS: dict[str, Callable[[Mapping[str, Any], Request], bool]] = {
    "host-header": _host,
    "path-pattern": _path,
    "http-request-method": _method,
    "http-header": _header,
    "query-string": _query,
    "source-ip": _source,
}


def location(config: Mapping[str, str], request: Request, protocol: str, port: int) -> str:
    """Write the address of a redirect action."""
    values = {
        "protocol": protocol.lower(),
        "host": request.hostname,
        "port": str(port),
        "path": request.path.lstrip("/"),
        "query": request.query,
    }

    def fill(name: str, default: str) -> str:
        return re.sub(r"#\{(\w+)\}", lambda found: values[found[1]], config.get(name, default))

    scheme = fill("Protocol", "#{protocol}").lower()
    query = fill("Query", "#{query}")
    address = f"{scheme}://{fill('Host', '#{host}')}:{fill('Port', '#{port}')}{fill('Path', '/#{path}')}"
    return f"{address}?{query}" if query else address
