from pathlib import Path

import pytest

from ops import clean
from ops.errors import OpsError
from ops.place import Place
from tests.conftest import make_config


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, int]]:
    """Clouds that were removed, by working folder and port."""
    found: list[tuple[Path, int]] = []
    monkeypatch.setattr(clean.cloud, "remove", lambda home, port: found.append((home, port)))
    return found


def _local(root: Path, home: Path) -> Place:
    return Place("local", root, home, make_config(environment="local", embedded_cloud={"port": 5566}))


def test_the_cloud_goes_first_and_then_the_folders(tmp_path: Path, removed: list[tuple[Path, int]]) -> None:
    """The virtual environment and the sources stay."""
    for name in (".berth/bin", ".venv", "cdktf.out/stacks", "ops"):
        (tmp_path / name).mkdir(parents=True)
    clean.clean(_local(tmp_path, tmp_path / ".berth"))
    assert removed == [(tmp_path / ".berth", 5566)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".venv", "ops"]


def test_a_folder_that_holds_the_project_is_refused(tmp_path: Path, removed: list[tuple[Path, int]]) -> None:
    """A wrong BERTH_HOME must not cost anybody their work."""
    (tmp_path / "project").mkdir()
    with pytest.raises(OpsError, match="BERTH_HOME: holds the project itself, got "):
        clean.clean(_local(tmp_path / "project", tmp_path))
    assert removed == []
    assert (tmp_path / "project").is_dir()


def test_on_aws_there_is_no_cloud_to_remove(tmp_path: Path, removed: list[tuple[Path, int]]) -> None:
    """Only the folders of this machine are cleaned."""
    clean.clean(Place("test", tmp_path, tmp_path / ".berth", make_config()))
    assert removed == []
