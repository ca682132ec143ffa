import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from local import process
from ops import check, images, machine
from ops.errors import OpsError
from ops.place import Place
from setup import tools
from tests.conftest import make_config


class Usage(NamedTuple):
    """What a disk has, in bytes."""

    total: int
    used: int
    free: int


class Daemon:
    """A Docker daemon for one processor."""

    def __init__(self, processor: str) -> None:
        self.processor = processor

    def version(self) -> dict[str, str]:
        return {"Arch": self.processor}


@pytest.fixture
def busy() -> Iterator[int]:
    """Hold a port as another program would; the next one, the load balancer's, is nobody's."""
    while True:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            if not process.port_is_taken(port + 1):
                yield port
                return


@pytest.fixture(autouse=True)
def _fit_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "daemon", lambda: Daemon("amd64"))
    monkeypatch.setattr(machine, "BINFMT", Path("/nonexistent"))
    monkeypatch.setattr(tools, "version", lambda _: (1, 11, 4))
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: Usage(0, 0, 100 * machine.GIB))


def _local(folder: Path, port: int = 4566, **changes: Any) -> Place:
    config = make_config(environment="local", embedded_cloud={"port": port}, **changes)
    return Place("local", folder, folder / ".berth", config)


def test_a_busy_port_is_named(tmp_path: Path, busy: int) -> None:
    """The key to change, the port, and the way around it."""
    (found, *_) = machine.problems(_local(tmp_path, busy))
    assert found == (
        f"environments/local.yaml: embedded_cloud/port: another program listens on it, got {busy}; "
        "choose another one, or run make with PORT="
    )


def test_our_own_cloud_may_have_the_port(tmp_path: Path, busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second create-all finds the first one's cloud running."""
    monkeypatch.setattr(machine.cloud, "running", lambda home, port: (home, port) == (tmp_path / ".berth", busy))
    assert list(machine.problems(_local(tmp_path, busy))) == []


def test_everything_is_told_at_once(tmp_path: Path, busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disk, Terraform, processor, port and connections in one error."""
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: Usage(0, 0, machine.GIB))
    monkeypatch.setattr(tools, "version", lambda _: None)
    monkeypatch.setattr(images, "daemon", lambda: Daemon("arm64"))
    place = _local(tmp_path, busy, sites={"wiki": {"host": "w.localhost", "scaling": {"max": 200}}})
    with pytest.raises(OpsError) as caught:
        check.preflight(place).require()
    beginnings = [line.split(":")[0:3] for line in str(caught.value).splitlines()]
    assert [parts[0] for parts in beginnings[:2]] == ["disk", "terraform"]
    keys = [parts[1].strip() for parts in beginnings[2:]]
    assert keys == ["cluster/architecture", "embedded_cloud/port", "sites/wiki/php_workers"]


HANDLER = "enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: {}\noffset 0\n"


@pytest.mark.parametrize(
    ("handler", "fits"),
    [
        (None, False),
        (HANDLER.format("OCF"), True),
        (HANDLER.format("OC"), False),
        (HANDLER.format("OCF").replace("enabled", "disabled"), False),
    ],
    ids=["none", "everywhere", "not_in_containers", "switched_off"],
)
def test_another_processor_takes_qemu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handler: str | None, fits: bool
) -> None:
    """Images for arm64 are built on another machine too, once the kernel lets qemu run them in containers."""
    monkeypatch.setattr(machine, "BINFMT", tmp_path)
    if handler:
        (tmp_path / "qemu-aarch64").write_text(handler)
    found = list(machine.problems(_local(tmp_path, 4566, cluster={"architecture": "arm64"})))
    about = [line for line in found if "cluster/architecture" in line]
    assert bool(about) is not fits
    assert (
        fits
        or (
            "Docker here runs programs for x86_64 only, got 'arm64'; let qemu run the others "
            "(Debian 13: sudo apt-get install qemu-user-binfmt, before it qemu-user-static)"
        )
        in about[0]
    )


def test_no_docker_is_a_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stack applies without containers, so it stops nothing."""
    monkeypatch.setattr(images, "daemon", lambda: None)
    report = check.Report((), tuple(machine.remarks(_local(tmp_path))))
    report.require()
    assert report.remarks == (
        "no Docker daemon answers: every stack is applied, no wiki will run; run make setup to see why",
    )


def test_no_packer_is_a_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that is there already needs none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(machine.remarks(_local(tmp_path))) == [
        "packer is not installed: no image can be built; run make setup to see why"
    ]
