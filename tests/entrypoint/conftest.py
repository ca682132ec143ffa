"""Single functions of the entrypoint, run in a bash of their own."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ENTRYPOINT = Path(__file__).parents[2] / "entrypoint"

Bash = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Make what the container's writable folders are."""
    made = {name: tmp_path / name for name in ("run", "cache", "files", "share")}
    for folder in made.values():
        folder.mkdir()
    (made["run"] / "secrets").mkdir()
    return made


@pytest.fixture
def environment(folders: dict[str, Path]) -> dict[str, str]:
    """Point the entrypoint at those folders, and give it nothing else."""
    paths = {f"BERTH_{name.upper()}": str(folder) for name, folder in folders.items()}
    return {
        "PATH": os.environ["PATH"],
        "BERTH_LIB": str(ENTRYPOINT),
        "BERTH_APP": str(ENTRYPOINT / "apps/mediawiki"),
        **paths,
    }


@pytest.fixture
def bash(environment: dict[str, str]) -> Bash:
    """Run a script after sourcing files of the entrypoint, with variables given by name."""

    def run(script: str, *sources: str, **variables: str) -> subprocess.CompletedProcess[str]:
        lines = ["set -Eeuo pipefail", *(f'. "$BERTH_LIB/{source}"' for source in sources), script]
        return subprocess.run(
            ["bash", "-c", "\n".join(lines)],
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
