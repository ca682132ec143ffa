"""The query protocol's two shapes: flattened parameters in, nested elements out."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

_MEMBER = "member"


def nested(params: Mapping[str, Any], prefix: str) -> Any:
    """Rebuild what stands below a prefix: a list where members are numbered, else a mapping or a text."""
    tree: dict[str, Any] = {}
    for name, value in params.items():
        if name == prefix:
            return value[0] if isinstance(value, list) else value
        if name.startswith(f"{prefix}."):
            *path, last = name.removeprefix(f"{prefix}.").split(".")
            place = tree
            for part in path:
                place = place.setdefault(part, {})
            place[last] = value[0] if isinstance(value, list) else value
    return _lists(tree)


def _lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if set(tree) == {_MEMBER}:
        return [_lists(value) for _, value in sorted(tree[_MEMBER].items(), key=lambda item: int(item[0]))]
    return {name: _lists(value) for name, value in tree.items()}


def elements(record: Mapping[str, Any]) -> str:
    """Write a mapping as elements; values that are None or empty are left out."""
    return "".join(
        f"<{name}>{_text(value)}</{name}>" for name, value in record.items() if value not in (None, "", [], {})
    )


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return elements(value)
    if isinstance(value, list):
        return "".join(f"<{_MEMBER}>{_text(each)}</{_MEMBER}>" for each in value)
    return str(value).lower() if isinstance(value, bool) else escape(str(value))
