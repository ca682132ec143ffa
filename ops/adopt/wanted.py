"""What a plan wants to make, and what is found in the cloud in its stead."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ops.aws import is_missing
from ops.place import Place

OWNER_TAGS = ("berth:environment", "berth:stack")


@dataclass(frozen=True)
class Wanted:
    """A resource that the plan would make: what is known of it before it exists."""

    address: str
    type: str
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """The planned value, None where it is not known yet."""
        return self.values.get(name)

    @property
    def tags(self) -> dict[str, str]:
        """Every tag it will carry, those of the provider included; empty for what carries none."""
        return self.values.get("tags_all") or {}

    def owned(self) -> dict[str, str]:
        """The tags that say whose it is."""
        return {key: value for key, value in self.tags.items() if key in OWNER_TAGS}


@dataclass(frozen=True)
class Found:
    """Something in the cloud: its import id and its tags, None for a kind that carries none or is known otherwise."""

    id: str
    tags: Mapping[str, str] | None = None


Finder = Callable[[Place, Wanted], Iterable[Found]]


def choose(place: Place, wanted: Wanted, finder: Finder) -> str | None:
    """The import id of the first thing found that carries our tags."""
    try:
        ours = (found.id for found in finder(place, wanted) if _is_ours(found, wanted))
        return next(ours, None)
    except ClientError as error:
        if is_missing(error):
            return None
        raise


def _is_ours(found: Found, wanted: Wanted) -> bool:
    return found.tags is None or wanted.owned().items() <= found.tags.items()
