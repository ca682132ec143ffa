"""Debian packages, installed when root asks for them."""

import os
import shutil

from setup import SetupError, process, say


def can_install() -> bool:
    """Whether this user may install packages on this machine."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def command(*names: str) -> list[str]:
    """Return the command that installs `names`."""
    return ["apt-get", "install", "--yes", "--no-install-recommends", *names]


def hint(*names: str) -> str:
    """Say what a person types to install `names`."""
    return f"sudo apt-get install --no-install-recommends {' '.join(names)}"


def _update() -> None:
    process.run(["apt-get", "update"], doing="fetching the package lists")


def offered(name: str) -> bool:
    """Whether the distribution has a package called `name`."""
    query = ["apt-cache", "show", "--no-all-versions", name]
    if process.works(query):
        return True
    _update()
    return process.works(query)


def install(*names: str) -> None:
    """Install `names`; the package lists are fetched when the first try fails."""
    say(f"installing {', '.join(names)} with apt-get")
    extra = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        process.run(command(*names), doing=f"installing {', '.join(names)}", extra=extra)
    except SetupError:
        _update()
        process.run(command(*names), doing=f"installing {', '.join(names)}", extra=extra)
