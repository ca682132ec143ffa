"""Rules about sites that hold on every platform, and what a wrong setting is told as."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

Value = str | int | None
Site = TypeVar("Site")


@dataclass(frozen=True)
class Problem:
    """A wrong setting: where it stands (`a/b/c`), what is wrong, the value got, and what would be right."""

    path: str
    wrong: str
    got: object
    fix: str

    def __str__(self) -> str:
        """Write it by the project's one recipe, without the file."""
        return f"{self.path}: {self.wrong}, got {self.got!r}; {self.fix}"


def repeated(
    sites: Mapping[str, Site], key: str, value_of: Callable[[str, Site], Value], fix: str
) -> Iterator[Problem]:
    """Yield a problem for every site whose value under `key` another has too."""
    seen: dict[Value, str] = {}
    for name, site in sites.items():
        value = value_of(name, site)
        if value in seen:
            yield Problem(f"sites/{name}/{key}", f"is the one of site {seen[value]!r} too", value, fix)
        seen.setdefault(value, name)


def mode_of_files(name: str, app: str, mode: str) -> Iterator[Problem]:
    """Yield a problem where people are to install something in an application that has no way to."""
    if mode == "extensions" and app != "wordpress":
        yield Problem(
            f"sites/{name}/files/mode",
            f"nothing is installed from within {app}",
            mode,
            "allowed: uploads; name extensions under extensions",
        )
