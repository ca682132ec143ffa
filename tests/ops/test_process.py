import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ops import process
from ops.place import PROJECT
from ops.process import Child


def _child(tmp_path: Path, *command: str) -> Child:
    return Child(list(command), tmp_path, dict(os.environ), tmp_path / "logs" / "child.log")


def test_lines_and_exit_code_come_back(tmp_path: Path) -> None:
    """Every line is handed over, the last one without its line end too, and all of them stay in the log."""
    lines: list[str] = []
    code = process.run(_child(tmp_path, "sh", "-c", "echo a; echo b >&2; printf c; exit 3"), lines.append)
    assert code == 3
    assert lines == ["a", "b", "c"]
    assert (tmp_path / "logs" / "child.log").read_text() == "a\nb\nc"


def test_log_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else reads what terraform wrote."""
    process.run(_child(tmp_path, "true"), lambda _: None)
    assert (tmp_path / "logs" / "child.log").stat().st_mode & 0o077 == 0


def test_signal_shows_as_a_negative_code(tmp_path: Path) -> None:
    """A killed child is told from one that failed."""
    assert process.run(_child(tmp_path, "sh", "-c", "kill -9 $$"), lambda _: None) == -signal.SIGKILL


def test_what_a_killed_child_started_goes_with_it(tmp_path: Path) -> None:
    """A terraform that is killed cannot end its providers, and nobody else would."""
    provider = tmp_path / "provider"
    process.run(_child(tmp_path, "sh", "-c", f"sleep 300 & echo $! > {provider}; kill -9 $$"), lambda _: None)
    status = Path("/proc") / provider.read_text().strip() / "status"
    deadline = time.monotonic() + 20
    while status.exists() and "\nState:\tZ" not in status.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_child_is_asked_to_end_when_its_parent_is_killed(tmp_path: Path) -> None:
    """A kill -9 of Berth reaches terraform as SIGTERM, which can still write."""
    script = "trap 'echo saved; exit' TERM; echo ready; while :; do sleep 0.05; done"
    code = (
        "import os, sys; from pathlib import Path; from ops import process\n"
        f"child = process.Child(['sh', '-c', {script!r}], Path('.'), dict(os.environ), Path(sys.argv[1]))\n"
        "process.run(child, lambda _: None)\n"
    )
    log = tmp_path / "log"
    with subprocess.Popen([sys.executable, "-c", code, str(log)], cwd=PROJECT) as parent:
        _await_text(log, "ready\n")
        parent.kill()
    _await_text(log, "ready\nsaved\n")


def test_interrupt_reaches_a_child_once(tmp_path: Path) -> None:
    """Ctrl-C is passed on a single time, however often it is asked for, and nothing starts afterwards."""
    script = "trap 'echo int' INT; echo ready; for i in 1 2 3 4 5 6; do sleep 0.1; done; echo end"
    code = (
        "import os, sys, threading; from pathlib import Path; from ops import process\n"
        f"child = process.Child(['sh', '-c', {script!r}], Path('.'), dict(os.environ), Path(sys.argv[1]))\n"
        "on_line = lambda line: line == 'ready' and (process.interrupt(), process.interrupt())\n"
        "process.run(child, on_line)\n"
        "other = process.Child(child.command, child.folder, child.environment, Path(sys.argv[1] + '2'))\n"
        "try: process.run(other, print)\n"
        "except KeyboardInterrupt: print('refused')\n"
    )
    log = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, "-c", code, str(log)], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    assert log.read_text() == "ready\nint\nend\n"
    assert done.stdout == "refused\n"


def _await_text(path: Path, text: str) -> None:
    deadline = time.monotonic() + 20
    while not path.exists() or path.read_text() != text:
        assert time.monotonic() < deadline, path.read_text() if path.exists() else "no log"
        time.sleep(0.05)
