"""One kind of thing in the cloud: how to list what is ours, and how to delete one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ops.place import Place

ENVIRONMENT, STACK = "berth:environment", "berth:stack"


@dataclass(frozen=True)
class Scope:
    """What is meant: the environment's things without those of the stacks in `kept`, or those of `only` one stack."""

    env: str
    kept: frozenset[str] = frozenset()
    only: str = ""

    def covers(self, tags: Mapping[str, str]) -> bool:
        """Whether something with these tags is meant."""
        return tags.get(ENVIRONMENT) == self.env and self.covers_stack(tags.get(STACK, ""))

    def covers_stack(self, stack: str) -> bool:
        """Whether this stack's things are meant."""
        return stack == self.only if self.only else stack not in self.kept

    @property
    def prefix(self) -> str:
        """What the names of the environment's things begin with."""
        return f"berth-{self.env}"

    def has_prefix(self, name: str) -> bool:
        """Whether a name is of this environment; `berth-local2` is not of `local`."""
        return name == self.prefix or name.startswith((f"{self.prefix}-", f"{self.prefix}/"))


@dataclass(frozen=True)
class Item:
    """One thing: what the calls know it by, and what a person does."""

    id: str
    name: str = ""


@dataclass(frozen=True)
class Kind:
    """How to list and delete one kind of thing; `delete` returns when the next kind can go."""

    name: str
    find: Callable[[Place, Scope], Iterator[Item]]
    delete: Callable[[Place, str], object]
