"""Chromium for the tests."""

import os
import shutil
from pathlib import Path

from setup import SetupError, packages, process, say

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Return the path of a Chromium: the variable CHROMIUM, else the first one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


def ensure(root: Path) -> None:
    """Make sure of a Chromium that runs without a screen."""
    if find():
        return
    if not packages.can_install():
        msg = f"the tests open the wiki in Chromium: {packages.hint('chromium')}, or set CHROMIUM to its path"
        raise SetupError(msg)
    if packages.offered("chromium"):
        packages.install("chromium")
        return
    # Ubuntu has it as a snap only: Playwright brings its own build and Debian packages.
    say("fetching Chromium with Playwright")
    playwright = str(root / ".venv/bin/playwright")
    process.run([playwright, "install", "--with-deps", "chromium"], doing="installing Chromium")
