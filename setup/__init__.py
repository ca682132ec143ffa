"""Makes a machine ready for Berth with nothing but Python: `python3 -m setup PART…`."""

import sys

# Nothing newer than Python 3.6 may stand in this file: it is what tells people with an old one.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(f"setup: Python 3.11 or newer is needed, this is {sys.version.split()[0]}; try make PYTHON=python3.12")


class SetupError(Exception):
    """A part of the set-up that cannot go on; the message says what to do."""


def say(text: str) -> None:
    """Tell the person what happens now."""
    print(f"setup: {text}", file=sys.stderr, flush=True)
