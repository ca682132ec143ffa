from pathlib import Path

import pytest

from modules.apps import mediawiki
from ops import images
from ops.chain import chain
from ops.errors import OpsError
from ops.images import Recipe
from ops.place import PROJECT
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
