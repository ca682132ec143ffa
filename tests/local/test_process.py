import os
import sys
import time
from pathlib import Path

import pytest

from local import process


def _started(code: str) -> int:
    """Start Python and give its pid once it ran the code."""
    read, write = os.pipe()
    script = f"import os, signal, time\n{code}\nos.write({write}, b'x')\ntime.sleep(60)"
    os.set_inheritable(write, True)
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", script], dict(os.environ))
    os.read(read, 1)
    os.close(read)
    os.close(write)
    return pid


@pytest.mark.parametrize(
    ("code", "least"), [("pass", 0.0), ("signal.signal(signal.SIGTERM, signal.SIG_IGN)", 0.5)], ids=["willing", "deaf"]
)
def test_a_process_ends_in_time(code: str, least: float) -> None:
    """One that listens to SIGTERM ends at once; one that does not is killed when its time is over."""
    pid = _started(code)
    began = time.monotonic()
    process.end(pid, 0.5)
    assert least <= time.monotonic() - began < least + 0.5
    assert not process.alive(pid)


def test_a_stranger_with_our_pid_is_not_ours(tmp_path: Path) -> None:
    """A pid file that names another program's process is not believed."""
    (tmp_path / "pid").write_text(f"{os.getpid()}\n")
    assert process.find(tmp_path, 1, tmp_path / "pid") is None


@pytest.mark.parametrize("text", ["", "no number"])
def test_a_broken_pid_file_is_no_process(tmp_path: Path, text: str) -> None:
    """A file that a crash left half written names nobody."""
    (tmp_path / "pid").write_text(text)
    assert process.find(tmp_path, 1, tmp_path / "pid") is None


def test_the_command_names_home_and_port(tmp_path: Path) -> None:
    """By its command line the server is found again."""
    assert process.command(tmp_path, 4567)[1:] == ["-m", "local.server", "--home", str(tmp_path), "--port", "4567"]
