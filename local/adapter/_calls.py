"""What an API call is called, whichever of AWS's protocols carries it."""

import re
from typing import Any
from urllib.parse import parse_qs

_READS = re.compile(r"(Describe|Get|List|Head|BatchGet|BatchCheck|Lookup|Filter|Query|Scan|Search|Simulate|Check|Test)")


def name_of(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> str:
    """Give the action's name, or method and path where the protocol has none."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.rpartition(".")[2]
    form = "x-www-form-urlencoded" in headers.get("content-type", "")
    given = query.get("Action") or (parse_qs(body.decode("utf-8", "replace")).get("Action") if form else None)
    return given[0] if given else f"{method} {path}"


def is_read(method: str, name: str) -> bool:
    """Tell whether a call changes nothing."""
    return method in ("GET", "HEAD", "OPTIONS") or bool(_READS.match(name))
