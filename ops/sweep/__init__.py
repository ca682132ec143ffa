"""Find, and delete, what carries an environment's tags and no state knows: asked of the cloud, service by service.

The cloud's own tagging API is not enough: on AWS it forgets slowly, and it leaves out what has no tags of its own.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError, WaiterError

from ops.place import Place
from ops.sweep import balancers, containers, data, identity, network
from ops.sweep.kind import Item, Kind, Scope

KINDS: tuple[Kind, ...] = (
    *containers.KINDS,
    *balancers.KINDS,
    *data.KINDS,
    *network.KINDS,
    *identity.KINDS,
)
"""In the order in which they can be deleted."""
ROUNDS = 3
PARALLEL = 8


def left(place: Place, scope: Scope) -> tuple[str, ...]:
    """What is there, a line each."""
    with ThreadPoolExecutor(PARALLEL) as pool:
        found = pool.map(lambda kind: [_label(kind, item) for item in kind.find(place, scope)], KINDS)
        return tuple(label for labels in found for label in labels)


def sweep(place: Place, scope: Scope, say: Callable[[str], None]) -> tuple[str, ...]:
    """Delete all of it, and return what would not go, with the reason; what hangs together may take several rounds."""
    refusals: dict[str, str] = {}
    for _ in range(ROUNDS):
        refusals = dict(_round(place, scope, say))
        if not refusals:
            break
    return tuple(f"{label}: {reason}" for label, reason in refusals.items())


def _round(place: Place, scope: Scope, say: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        for item in tuple(kind.find(place, scope)):
            say(f"removing {_label(kind, item)}")
            try:
                kind.delete(place, item.id)
            except (ClientError, WaiterError) as error:
                yield _label(kind, item), str(error)


def _label(kind: Kind, item: Item) -> str:
    return f"{kind.name} {item.name or item.id}"
