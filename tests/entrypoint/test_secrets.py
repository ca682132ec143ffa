import stat
from pathlib import Path

from tests.entrypoint.conftest import Bash

SOURCES = ("lib/log.sh", "lib/env.sh", "lib/app.sh", "lib/secrets.sh")


def test_secret_moves_to_a_file(bash: Bash, folders: dict[str, Path]) -> None:
    """A secret ends in a file that only the user reads, and leaves the environment."""
    done = bash("secrets_store; env", *SOURCES, DATABASE_PASSWORD="canary")
    path = folders["run"] / "secrets/DATABASE_PASSWORD"
    assert path.read_text() == "canary"
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert "canary" not in done.stdout


def test_secret_is_hidden_from_the_first_command_on(bash: Bash) -> None:
    """What runs before the secrets are stored does not inherit them, and they can still be stored."""
    done = bash("secrets_hide; env; secrets_store", *SOURCES, DATABASE_PASSWORD="canary")
    assert (done.returncode, "canary" in done.stdout) == (0, False)


def test_secret_file_is_copied(bash: Bash, folders: dict[str, Path], tmp_path: Path) -> None:
    """A secret given as a file lies where the others do, and the name of the file is dropped."""
    (tmp_path / "given").write_text("canary\n")
    done = bash("secrets_store; env", *SOURCES, MEDIAWIKI_SECRET_KEY_FILE=str(tmp_path / "given"))
    assert (folders["run"] / "secrets/MEDIAWIKI_SECRET_KEY").read_text() == "canary"
    assert "MEDIAWIKI_SECRET_KEY_FILE" not in done.stdout


def test_secret_is_replaced_after_a_restart(bash: Bash, folders: dict[str, Path]) -> None:
    """A rotated value replaces the one that an earlier life of the container left."""
    bash("secrets_store", *SOURCES, DATABASE_PASSWORD="old")
    assert bash("secrets_store", *SOURCES, DATABASE_PASSWORD="new").returncode == 0
    assert (folders["run"] / "secrets/DATABASE_PASSWORD").read_text() == "new"


def test_missing_secret_names_both_forms(bash: Bash) -> None:
    """A secret that a job needs and has not is told with both of its names."""
    done = bash("secrets_store; secret_require DATABASE_USER; env_check", *SOURCES)
    assert done.returncode == 1
    assert "DATABASE_USER: not set; set DATABASE_USER or DATABASE_USER_FILE" in done.stderr


def test_secret_is_forgotten(bash: Bash, folders: dict[str, Path]) -> None:
    """The administrator's secrets do not stay beside a serving process."""
    bash("secrets_store; secrets_forget DATABASE_ADMIN_PASSWORD", *SOURCES, DATABASE_ADMIN_PASSWORD="canary")
    assert list((folders["run"] / "secrets").iterdir()) == []
