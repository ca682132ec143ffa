"""Makes a machine ready for Berth with nothing but Python: `python3 -m setup PART…`."""

import sys

if sys.version_info < (3, 11):
    sys.exit("setup: Python 3.11 or newer is needed, this is %d.%d; pass another one: make PYTHON=python3.12" % sys.version_info[:2])


class SetupError(Exception):
    """A part of the set-up that cannot go on; the message says what to do."""


def say(text: str) -> None:
    """Tell the person what happens now."""
    print(f"setup: {text}", file=sys.stderr, flush=True)
