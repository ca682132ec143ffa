"""What the calls of all AWS services have in common."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from ops.place import Place

MISSING = ("NotFound", "NoSuchEntity", "NotExist", "ParameterNotFound", "DoesNotExist", "NotActive", "NoSuchBucket")


def listed(place: Place, service: str, operation: str, key: str, **arguments: Any) -> Iterator[Any]:  # noqa: ANN401
    """Every item under `key` of all pages of an answer; none where the cloud says there is no such thing."""
    client = place.client(service)
    try:
        if client.can_paginate(operation):
            for page in client.get_paginator(operation).paginate(**arguments):
                yield from page.get(key, [])
        else:
            yield from getattr(client, operation)(**arguments).get(key, [])
    except ClientError as error:
        if not is_missing(error):
            raise


def batched(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """The items in lists of at most `size`, for calls that take no more."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def tag_map(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Tags of any AWS service (`Key`/`Value` or `key`/`value`) by key."""
    pairs = ({name.lower(): value for name, value in tag.items()} for tag in tags or ())
    return {pair["key"]: pair.get("value", "") for pair in pairs}


def is_missing(error: ClientError) -> bool:
    """Whether the error says that there is no such thing."""
    return any(word in error.response["Error"]["Code"] for word in MISSING)
