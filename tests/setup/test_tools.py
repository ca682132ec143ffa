from pathlib import Path

import pytest

from setup import SetupError, browser, daemon, download, packages, process, tools


def _program(folder: Path, name: str, version: str) -> None:
    path = folder / name
    path.write_text(f'#!/bin/sh\necho \'{{"terraform_version": "{version}"}}\'\n')
    path.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, empty, for a person who may not install packages."""
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    return folder


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down what would be downloaded."""
    names: list[str] = []
    monkeypatch.setattr(download, "fetch", lambda release, _: names.append(release.name))
    return names


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no download succeed."""

    def refuse(release: download.Release, _: Path) -> None:
        raise SetupError(f"{release.name} cannot be fetched")

    monkeypatch.setattr(download, "fetch", refuse)


def test_a_terraform_on_the_path_is_taken(path: Path, fetched: list[str], tmp_path: Path) -> None:
    """Nothing is downloaded where there is one new enough."""
    _program(path, "terraform", "1.12.0")
    tools.terraform(tmp_path / "bin")
    assert fetched == []


@pytest.mark.parametrize("version", [None, "1.10.5", "0.13"])
def test_a_missing_or_old_terraform_is_downloaded(
    path: Path, fetched: list[str], tmp_path: Path, version: str | None
) -> None:
    """Write-only arguments need 1.11."""
    if version:
        _program(path, "terraform", version)
    tools.terraform(tmp_path / "bin")
    assert fetched == ["terraform"]


@pytest.mark.usefixtures("offline")
def test_tofu_stands_in_where_nothing_can_be_downloaded(path: Path, tmp_path: Path) -> None:
    """It is called terraform from then on."""
    _program(path, "tofu", "1.11.1")
    tools.terraform(tmp_path / "bin")
    assert (tmp_path / "bin/terraform").resolve() == path / "tofu"


@pytest.mark.usefixtures("path", "offline")
def test_neither_terraform_nor_tofu_nor_network_stops(tmp_path: Path) -> None:
    """There is nothing Berth could do then."""
    with pytest.raises(SetupError, match="terraform cannot be fetched"):
        tools.terraform(tmp_path / "bin")


@pytest.mark.usefixtures("path", "offline")
def test_image_tools_that_cannot_be_had_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stacks apply without images, so set-up goes on and says what is lost."""
    tools.packer(tmp_path / "bin")
    tools.mmdebstrap()
    tools.wrk()
    said = capsys.readouterr().err
    assert "no image can be built: packer cannot be fetched" in said
    assert "no base image can be built: sudo apt-get install --no-install-recommends mmdebstrap" in said
    assert "no page can be put under load: sudo apt-get install --no-install-recommends wrk" in said


@pytest.mark.usefixtures("path")
def test_root_gets_packages_where_the_distribution_has_them(
    monkeypatch: pytest.MonkeyPatch, fetched: list[str], tmp_path: Path
) -> None:
    """Debian 12 has packer; where a distribution has none, the pinned download is next."""
    installed: list[str] = []
    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "install", lambda *names: installed.extend(names))
    for offered in (True, False):
        monkeypatch.setattr(packages, "offered", lambda _, offered=offered: offered)
        tools.packer(tmp_path / "bin")
    assert (installed, fetched) == (["packer"], ["packer"])


@pytest.mark.usefixtures("path")
def test_no_browser_stops_the_tests_with_an_instruction(tmp_path: Path) -> None:
    """The tests open the wiki; without a browser they would prove nothing."""
    with pytest.raises(SetupError, match="sudo apt-get install --no-install-recommends chromium, or set CHROMIUM"):
        browser.ensure(tmp_path)


def test_a_browser_may_be_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHROMIUM goes before what the PATH offers."""
    _program(path, "chromium", "1")
    assert browser.find() == str(path / "chromium")
    monkeypatch.setenv("CHROMIUM", "/opt/chrome")
    assert browser.find() == "/opt/chrome"


@pytest.mark.parametrize(
    ("root", "installed", "expected"),
    [
        (True, True, None),
        (True, False, "Docker is not installed; install Docker Engine"),
        (False, True, "sudo systemctl start docker, and sudo usermod -aG docker"),
        (False, False, "sudo apt-get install --no-install-recommends docker.io iptables"),
    ],
)
def test_what_stands_in_docker_s_way(
    path: Path, monkeypatch: pytest.MonkeyPatch, root: bool, installed: bool, expected: str | None
) -> None:
    """Root starts what is installed; everybody else is told what to type."""
    monkeypatch.setattr(daemon.os, "geteuid", lambda: 0 if root else 1000)
    if installed:
        _program(path, "dockerd", "1")
    found = daemon.obstacle()
    assert (found is None) if expected is None else (expected in str(found))


def test_no_docker_is_no_reason_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Set-up says why and goes on: every stack can be applied without containers."""
    monkeypatch.setattr(process, "works", lambda _: False)
    monkeypatch.setattr(daemon, "obstacle", lambda: "there is none")
    daemon.ensure(tmp_path)
    assert capsys.readouterr().err == "setup: going on without containers: there is none\n"


def test_a_daemon_that_does_not_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it ends at once, the person is shown its log, and work goes on."""
    monkeypatch.setattr(process, "works", lambda _: False)
    monkeypatch.setattr(daemon, "obstacle", lambda: None)
    monkeypatch.setattr(daemon.shutil, "which", lambda _: "/usr/sbin/dockerd")
    monkeypatch.setattr(daemon, "start_command", lambda: ["sh", "-c", "echo no iptables; exit 3"])
    daemon.ensure(tmp_path)
    log = tmp_path / "dockerd.log"
    assert f"the Docker daemon does not start, its log is {log}" in capsys.readouterr().err
    assert log.read_text() == "no iptables\n"
