from pathlib import Path

import pytest

from modules.config import Images
from ops import signature
from ops.errors import OpsError
from ops.place import Place
from tests.conftest import make_config

IMAGE = "registry.example/berth/mediawiki@sha256:1"
KEY = "awskms:///alias/images"


def _place(folder: Path, key: str | None) -> Place:
    return Place("test", folder, folder / ".berth", make_config(images=Images(signing_key=key)))


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a cosign on the PATH that writes down what it was asked, and fails where a file says so."""
    program = tmp_path / "cosign"
    refusal = f'if [ -e {tmp_path}/refuse ]; then echo "no such key" >&2; exit 3; fi'
    program.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\n{refusal}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "calls"


def test_a_pushed_image_is_signed_by_digest(tmp_path: Path, calls: Path) -> None:
    """The digest is signed, never a tag, and the bill of materials attested."""
    signature.sign(_place(tmp_path, KEY), IMAGE, Path("bill.json"))
    assert calls.read_text().splitlines() == [
        f"sign --yes --key {KEY} {IMAGE}",
        f"attest --yes --key {KEY} --type cyclonedx --predicate bill.json {IMAGE}",
    ]


def test_without_a_key_nothing_is_signed(tmp_path: Path, calls: Path) -> None:
    """Signing is for those who name a key."""
    signature.sign(_place(tmp_path, None), IMAGE, None)
    assert not calls.exists()


def test_a_key_without_cosign_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that should be signed and cannot is not released."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OpsError, match=r"environments/test.yaml: images/signing_key: needs cosign"):
        signature.sign(_place(tmp_path, KEY), IMAGE, None)


def test_what_cosign_refuses_is_told(tmp_path: Path, calls: Path) -> None:
    """Its exit code and its own words are in the error."""
    (tmp_path / "refuse").touch()
    with pytest.raises(OpsError, match=f"cosign sign {IMAGE} failed with code 3: no such key"):
        signature.sign(_place(tmp_path, KEY), IMAGE, None)
    assert calls.exists()
