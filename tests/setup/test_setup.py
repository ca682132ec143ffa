import subprocess
import sys
from pathlib import Path

import pytest

from setup import SetupError, __main__, cdktf, packages, process


def test_an_unknown_part_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt part does nothing but say which there are."""
    assert __main__.main(["docker", "nonsense"]) == 2
    assert (
        "parts: venv, terraform, packer, mmdebstrap, wrk, docker, chromium, php, slowfs, cdktf"
        in capsys.readouterr().err
    )


def test_a_part_that_fails_stops_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear line, exit code 1, and no later part is tried."""
    done: list[str] = []

    def fail() -> None:
        raise SetupError("put it on the PATH")

    monkeypatch.setattr(__main__, "HOME", tmp_path / ".berth")
    monkeypatch.setitem(__main__.PARTS, "venv", fail)
    monkeypatch.setitem(__main__.PARTS, "docker", lambda: done.append("docker"))
    assert __main__.main(["venv", "docker"]) == 1
    assert done == []
    assert capsys.readouterr().err == "setup: put it on the PATH\n"


def test_set_up_needs_nothing_but_python() -> None:
    """It imports no package, as there is none before it ran."""
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path[:0] = [{str(__main__.ROOT)!r}]; import setup.__main__",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_failing_program_shows_its_last_lines() -> None:
    """What was done, the exit code and the end of the output."""
    with pytest.raises(SetupError, match=r"(?s)brewing failed: sh ended with 4\n  line 3.*line 12$"):
        process.run(["sh", "-c", "for n in $(seq 12); do echo line $n; done; exit 4"], doing="brewing")


def test_a_missing_program_is_named() -> None:
    """The error is one sentence, not a traceback."""
    with pytest.raises(SetupError, match="brewing failed: no-such-program: No such file or directory"):
        process.run(["no-such-program"], doing="brewing")


def test_package_lists_are_fetched_when_they_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh container has none: the first try fails, the second comes after an update."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> str:
        ran.append(command)
        if len(ran) == 1:
            raise SetupError("unable to locate package")
        return ""

    monkeypatch.setattr(process, "run", run)
    packages.install("docker.io", "iptables")
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "docker.io", "iptables"]
    assert ran == [install, ["apt-get", "update"], install]


def test_the_npm_command(tmp_path: Path) -> None:
    """cdktf-cli comes by the wheel's own npm, one version, into a folder of the project."""
    node, *rest = cdktf.npm_command(tmp_path, tmp_path / ".berth/cdktf")
    assert node == str(cdktf.node_folder(tmp_path) / "bin/node")
    assert rest == [
        str(cdktf.node_folder(tmp_path) / "lib/node_modules/npm/bin/npm-cli.js"),
        *("install", "--prefix", str(tmp_path / ".berth/cdktf"), "--no-audit", "--no-fund", "cdktf-cli@0.21.0"),
    ]
