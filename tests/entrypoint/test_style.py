import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _is_script(path: Path) -> bool:
    if not path.is_file() or "collected" in path.parts:
        return False
    return path.suffix == ".sh" or path.read_bytes().startswith(b"#!/usr/bin/env bash\n")


SCRIPTS = sorted(path for folder in ("entrypoint", "packer") for path in (ROOT / folder).rglob("*") if _is_script(path))


def _tool(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found, f"{name} is not installed"
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_script_is_formatted(script: Path) -> None:
    """Every shell script is formatted by shfmt with two spaces."""
    command = [_tool("shfmt"), "-i", "2", "-ci", "-d", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_scripts_pass_shellcheck() -> None:
    """ShellCheck has nothing to say about any shell script."""
    command = [_tool("shellcheck"), "--shell=bash", "--external-sources", *map(str, SCRIPTS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", [path for path in SCRIPTS if path.suffix != ".sh"], ids=lambda path: path.name)
def test_script_is_strict_and_can_be_sourced(script: Path) -> None:
    """Every command fails on errors and runs its main function only when it is not sourced."""
    text = script.read_text()
    assert "set -Eeuo pipefail\n" in text
    assert "\n_main() {" in text
    assert text.endswith(('"$0" ]]; then\n  _main "$@"\nfi\n', '"$0" ]]; then\n  _main\nfi\n'))
