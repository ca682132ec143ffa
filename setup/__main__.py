"""Set up the parts named on the command line, one after the other; two set-ups of one copy wait for each other."""

import fcntl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from setup import SetupError, browser, cdktf, daemon, say, testing, tools, venv

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".berth"
"""Working folder; everything that set-up fetches besides the virtual environment lies here."""

PARTS: dict[str, Callable[[], object]] = {
    "venv": lambda: venv.ensure(ROOT),
    "terraform": lambda: tools.terraform(HOME / "bin"),
    "packer": lambda: tools.packer(HOME / "bin"),
    "mmdebstrap": tools.mmdebstrap,
    "wrk": tools.wrk,
    "docker": lambda: daemon.ensure(HOME),
    "chromium": lambda: browser.ensure(ROOT),
    "php": testing.php,
    "slowfs": testing.slowfs,
    "cdktf": lambda: cdktf.ensure(ROOT, HOME),
}


@contextmanager
def _alone() -> Iterator[None]:
    HOME.mkdir(exist_ok=True)
    with (HOME / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up of this copy is running, waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(names: list[str]) -> int:
    """Set up `names` in order and return the exit code."""
    unknown = [name for name in names if name not in PARTS]
    if unknown or not names:
        say(f"usage: python3 -m setup PART…; parts: {', '.join(PARTS)}")
        return 2
    try:
        with _alone():
            for name in names:
                PARTS[name]()
    except SetupError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
