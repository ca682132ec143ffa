import dataclasses
import hashlib
import io
import platform
import re
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from setup import SetupError, download

URL = "https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_linux_amd64.zip"


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Serve an archive as the publisher does to an Intel machine."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("LICENSE.txt", "text")
        file.writestr("terraform", "#!/bin/sh\n")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(urllib.request, "urlopen", lambda url, timeout: io.BytesIO(content.getvalue()))  # noqa: ARG005
    return content.getvalue()


def _release(content: bytes) -> download.Release:
    return dataclasses.replace(download.TERRAFORM, sha256={"amd64": hashlib.sha256(content).hexdigest()})


def test_a_program_is_taken_from_its_archive(archive: bytes, tmp_path: Path) -> None:
    """Only the program is kept, and it can be run."""
    path = download.fetch(_release(archive), tmp_path / "bin")
    assert path == tmp_path / "bin/terraform"
    assert path.read_text() == "#!/bin/sh\n"
    assert path.stat().st_mode & 0o777 == 0o755
    assert [file.name for file in path.parent.iterdir()] == ["terraform"]


def test_another_archive_is_refused(archive: bytes, tmp_path: Path) -> None:
    """A wrong checksum stops set-up and leaves nothing behind."""
    with pytest.raises(SetupError, match=f"{re.escape(URL)} is not what it should be: SHA-256 "):
        download.fetch(_release(archive + b"!"), tmp_path / "bin")
    assert not (tmp_path / "bin").exists()


def test_an_unreachable_publisher_says_what_to_do(
    archive: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the network the person is told to bring the program."""

    def refuse(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    with pytest.raises(SetupError, match=r"cannot be fetched .*put terraform 1\.11\.4 on the PATH"):
        download.fetch(_release(archive), tmp_path)


def test_an_unknown_processor_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no guess at a processor for which nothing is pinned."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(SetupError, match="no pinned terraform for riscv64; put terraform on the PATH"):
        download.fetch(download.TERRAFORM, tmp_path)


@pytest.mark.parametrize("release", [download.TERRAFORM, download.PACKER], ids=lambda release: release.name)
def test_both_processors_are_pinned(release: download.Release) -> None:
    """Intel and ARM each have a whole checksum of their own."""
    assert set(release.sha256) == {"amd64", "arm64"}
    assert len({value for value in release.sha256.values() if re.fullmatch(r"[0-9a-f]{64}", value)}) == 2
