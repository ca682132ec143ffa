"""The preflight: everything that would stop create-all, found before anything is made, all of it at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from ops import account, capacity, machine
from ops.errors import OpsError
from ops.place import Place


@dataclass(frozen=True)
class Report:
    """What the preflight found: problems stop create-all, remarks do not."""

    problems: tuple[str, ...]
    remarks: tuple[str, ...]

    def require(self) -> None:
        """Raise OpsError with every problem, one a line, when there is any."""
        if self.problems:
            raise OpsError("\n".join(self.problems))


def preflight(place: Place) -> Report:
    """Look at the machine, the settings and, elsewhere than on this machine, the account."""
    return Report(tuple(_problems(place)), tuple(machine.remarks(place)))


def _problems(place: Place) -> Iterator[str]:
    yield from machine.problems(place)
    yield from capacity.problems(place.config)
    if not place.local:
        yield from account.problems(place)
