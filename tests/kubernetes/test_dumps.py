import gzip
import os
import subprocess
from pathlib import Path

import pytest

from modules.kubernetes.dumps import FOLDER, SCRIPT

Run = subprocess.CompletedProcess[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of dumps, with three old ones."""
    folder = tmp_path / "dumps"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"2026010{day}T030000Z.sql.gz").write_text("old")
    return folder


def _dump(folder: Path, program: str, keep: int = 2) -> Run:
    """Run the script with a mariadb-dump that is `program`."""
    (folder.parent / "password").write_text("canary")
    tool = folder.parent / "mariadb-dump"
    tool.write_text(f"#!/bin/sh\n{program}\n")
    tool.chmod(0o755)
    environment = {
        "PATH": f"{folder.parent}:{os.environ['PATH']}",
        "DATABASE_HOST": "wiki-db",
        "DATABASE_NAME": "wiki",
        "KEEP": str(keep),
        "PASSWORD_FILE": str(folder.parent / "password"),
    }
    script = SCRIPT.replace(FOLDER, str(folder))
    return subprocess.run(["bash", "-c", script], env=environment, check=False, capture_output=True, text=True)


def test_the_newest_dumps_are_kept(folder: Path) -> None:
    """A new one is whole, for its owner alone, and the oldest go; the password is on no command line."""
    done = _dump(folder, 'echo "$MYSQL_PWD: $@"')
    assert done.returncode == 0, done.stderr
    *old, new = sorted(folder.iterdir())
    assert [path.name for path in old] == ["20260103T030000Z.sql.gz"]
    assert new.stat().st_mode & 0o077 == 0
    password, _, arguments = gzip.decompress(new.read_bytes()).decode().partition(": ")
    assert password == "canary"
    assert "canary" not in arguments
    assert "--databases wiki" in arguments


def test_a_dump_that_fails_is_no_dump(folder: Path) -> None:
    """The script fails, nothing is taken for a dump, and nothing old goes."""
    assert _dump(folder, "echo half; exit 2").returncode != 0
    assert len([path for path in folder.iterdir() if not path.name.startswith(".")]) == 3
