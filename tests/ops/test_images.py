from pathlib import Path

import pytest

from modules.apps import mediawiki
from ops import images
from ops.chain import chain
from ops.errors import OpsError
from ops.images import Recipe
from ops.place import PROJECT, Place
from tests.conftest import make_config
from tests.ops.fakes import place

IMAGE = mediawiki.image()
PLAIN = Recipe(version="abc1234", image=IMAGE, links=chain(PROJECT, IMAGE, "berth/base:1"), commit="abc1234")


def test_the_labels() -> None:
    """What a finished image says of itself: OCI's words, and the link that it is."""
    labels = PLAIN.labels()
    assert labels.pop("org.opencontainers.image.created").endswith("+00:00")
    assert labels == {
        "org.opencontainers.image.title": "berth/mediawiki",
        "org.opencontainers.image.version": "abc1234",
        "org.opencontainers.image.revision": "abc1234",
        "org.opencontainers.image.source": "unknown",
        "io.berth.image.inputs": PLAIN.links[-1].reference,
    }


@pytest.mark.parametrize(("setting", "expected"), [("x86_64", "amd64"), ("arm64", "arm64")])
def test_the_base_image_is_for_the_environment_s_processor(tmp_path: Path, setting: str, expected: str) -> None:
    """The setting decides which packages are bootstrapped, and the name that the result has."""
    made = Place("test", tmp_path, tmp_path / ".berth", make_config(cluster={"architecture": setting}))
    folder = tmp_path / "packer/base"
    folder.mkdir(parents=True)
    for name, script in (("hash", 'echo "hash-of-$1"'), ("build", 'echo "==> $1 $2"')):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    said: list[str] = []
    assert images.base(made, said.append) == f"berth/base:hash-of-{expected}"
    assert said == [f"==> berth/base:hash-of-{expected} {expected}"]


def test_no_docker_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a daemon the error says where to look."""
    monkeypatch.setattr(images, "daemon", lambda: None)
    with pytest.raises(OpsError, match="no Docker daemon answers, so no image can be built; run make setup"):
        images.build(place(tmp_path), PLAIN, print)


def test_no_packer_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is missing is named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OpsError, match="building it needs packer, which is not installed; run make setup"):
        images._run(place(tmp_path), ["packer", "build"], print, doing="building it")


def test_a_failed_build_shows_its_last_lines(tmp_path: Path) -> None:
    """The error holds the exit code, the log file and the end of the output; headings were shown meanwhile."""
    script = "echo '==> docker.image: Starting'; for n in $(seq 30); do echo line $n; done; exit 3"
    said: list[str] = []
    with pytest.raises(OpsError) as caught:
        images._run(place(tmp_path), ["sh", "-c", script], said.append, doing="building it")
    text = str(caught.value)
    assert text.startswith("building it failed (exit code 3, all of it in ")
    assert "line 30" in text
    assert "line 15\n" not in text
    assert said == ["==> docker.image: Starting"]


def test_a_refusal_of_ansible_s_is_the_whole_reason(tmp_path: Path) -> None:
    """What a role says about a wrong setting stands alone, without the noise around it."""
    refusal = 'docker.image: fatal: [127.0.0.1]: FAILED! => {"msg": "no such checksum", "stderr": "as x"}'
    with pytest.raises(OpsError) as caught:
        images._run(place(tmp_path), ["sh", "-c", f"echo '{refusal}'; echo noise; exit 1"], print, doing="building it")
    assert str(caught.value).splitlines()[1:] == ["  no such checksum as x"]
