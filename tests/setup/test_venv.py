import sys
from pathlib import Path

import pytest

from setup import SetupError, packages, process, venv


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with locks and an environment that nothing is installed in."""
    (tmp_path / "setup").mkdir()
    (tmp_path / "setup/uv.txt").write_text("uv==1 --hash=sha256:0\n")
    (tmp_path / "requirements.txt").write_text("rich==1 --hash=sha256:0\n")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    return tmp_path


def _stamp(root: Path) -> None:
    (root / ".venv" / venv.STAMP).write_text(venv.wanted(root))


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Programs that would have been run; the first that tries uv fails where a test says so."""
    ran: list[list[str]] = []
    monkeypatch.setattr(process, "run", lambda command, **_: ran.append(command) or "")
    monkeypatch.setattr(process, "works", lambda command: ran.append(command) is None)
    return ran


def test_a_current_environment_costs_nothing(root: Path, commands: list[list[str]]) -> None:
    """With the stamp of these requirements nothing is run."""
    _stamp(root)
    venv.ensure(root)
    assert commands == []


def test_other_requirements_are_installed(root: Path, commands: list[list[str]]) -> None:
    """A changed lock makes the environment anew with uv, every package by hash, and stamps it."""
    _stamp(root)
    (root / "requirements.txt").write_text("rich==2 --hash=sha256:1\n")
    venv.ensure(root)
    python = str(root / ".venv/bin/python")
    assert commands == [
        [sys.executable, "-m", "venv", "--upgrade", str(root / ".venv")],
        [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(root / "setup/uv.txt")],
        [
            *(str(root / ".venv/bin/uv"), "pip", "install", "--python", python),
            *("--quiet", "--require-hashes", "-r", str(root / "requirements.txt")),
        ],
    ]
    assert venv.is_current(root)


def test_pip_takes_over_where_uv_cannot_be_had(
    root: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A processor without a build of uv still gets every package by hash."""
    monkeypatch.setattr(process, "works", lambda _: False)
    venv.ensure(root)
    python = str(root / ".venv/bin/python")
    assert commands[-1] == [
        *(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(root / "requirements.txt")),
    ]


def test_a_failed_install_leaves_no_stamp(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run tries again instead of trusting half an environment."""
    monkeypatch.setattr(process, "works", lambda _: True)

    def fail(command: list[str], **_: str) -> None:
        if "venv" not in command:
            raise SetupError("no network")

    monkeypatch.setattr(process, "run", fail)
    with pytest.raises(SetupError, match="no network"):
        venv.ensure(root)
    assert not venv.is_current(root)


def test_a_python_without_ensurepip_says_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian splits it off; who is not root is told the package."""
    monkeypatch.setattr(venv.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    with pytest.raises(SetupError, match=r"sudo apt-get install --no-install-recommends python3\.\d+-venv"):
        venv.ensure(root)


def test_root_gets_ensurepip_installed(root: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """As root, set-up installs the package itself and goes on."""
    monkeypatch.setattr(venv.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    venv.ensure(root)
    assert commands[0] == packages.command(f"python{venv.VERSION}-venv")
    assert venv.is_current(root)
