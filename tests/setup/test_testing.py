from pathlib import Path

import pytest

from setup import SetupError, packages, testing


def _programs(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, empty, for a person who may not install packages."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(packages, "can_install", lambda: False)
    return tmp_path


@pytest.mark.usefixtures("path")
def test_what_is_missing_is_hinted_at() -> None:
    """A person who may not install packages is told which ones the tests want."""
    with pytest.raises(SetupError, match="PHP scripts: sudo apt-get install --no-install-recommends php-cli"):
        testing.php()
    with pytest.raises(SetupError, match=r"slow file system: sudo apt-get install .* libfuse3-dev fuse3"):
        testing.slowfs()


def test_what_is_there_is_taken(path: Path) -> None:
    """Nothing is installed beside it."""
    _programs(path, "php", "gcc", "fusermount3", "pkg-config")
    testing.php()
    testing.slowfs()


def test_headers_that_lack_are_installed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler alone does not build it: pkg-config must know of fuse3."""
    _programs(path, "gcc", "fusermount3")
    (path / "pkg-config").write_text("#!/bin/sh\nexit 1\n")
    (path / "pkg-config").chmod(0o755)
    installed: list[str] = []
    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "install", lambda *names: installed.extend(names))
    testing.slowfs()
    assert installed == list(testing.SLOWFS)
