import io
import tarfile
from pathlib import PurePosixPath

import pytest

from local.adapter import database_container, file_systems


def _members(packed: bytes) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return tar.getmembers()


@pytest.mark.parametrize(
    ("path", "found"), [("/", []), ("/wiki", ["wiki"]), ("/sites/a/b", ["sites", "sites/a", "sites/a/b"])]
)
def test_folders_from_the_outermost(path: str, found: list[str]) -> None:
    """Each folder on the way is listed, the root is not."""
    assert file_systems.folders(PurePosixPath(path)) == found


def test_folders_belong_to_the_access_point() -> None:
    """Owner and mode are those of the creation info."""
    (entry,) = _members(file_systems.archive(["wiki"], {"OwnerUid": 10001, "OwnerGid": 10002, "Permissions": "0750"}))
    assert (entry.name, entry.isdir(), entry.uid, entry.gid, entry.mode) == ("wiki", True, 10001, 10002, 0o750)


def test_folders_without_creation_info_are_roots() -> None:
    """Where nothing is said a folder is root's and open for reading."""
    (entry,) = _members(file_systems.archive(["wiki"], {}))
    assert (entry.uid, entry.gid, entry.mode) == (0, 0, 0o755)


def test_passwords_leave_the_environment() -> None:
    """The environment names files in place of the passwords."""
    passwords, environment = database_container.split_secrets(
        {"MYSQL_ROOT_PASSWORD": "secret", "MYSQL_PASSWORD": "secret", "MYSQL_USER": "master"}
    )
    assert passwords == {"MYSQL_ROOT_PASSWORD": "secret", "MYSQL_PASSWORD": "secret"}
    assert environment == {
        "MYSQL_USER": "master",
        "MYSQL_ROOT_PASSWORD_FILE": "/run/secrets/MYSQL_ROOT_PASSWORD",
        "MYSQL_PASSWORD_FILE": "/run/secrets/MYSQL_PASSWORD",
    }


def test_password_files_are_roots_alone() -> None:
    """Nobody but root reads a password file."""
    (entry,) = _members(database_container.archive({"X": "secret"}))
    assert (entry.name, entry.uid, entry.mode, entry.size) == ("run/secrets/X", 0, 0o400, 6)
