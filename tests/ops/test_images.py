from pathlib import Path

import pytest

from ops import images
from ops.errors import OpsError
from ops.images import Recipe
from tests.ops.fakes import place

PLAIN = Recipe(version="abc1234", extensions=(), base="berth/base:1", content="c0ffee", commit="abc1234")


def _changed(**changes: object) -> Recipe:
    return Recipe(**(vars(PLAIN) | changes))


def test_the_packer_command() -> None:
    """The whole command: the template alone, every variable, no secret."""
    assert PLAIN.command(Path("/project"), Path("/work")) == [
        "packer", "build", "-color=false",
        "-var", "app=mediawiki",
        "-var", "base_image=berth/base:1",
        "-var", "commit=abc1234",
        "-var", "repository=berth/mediawiki",
        "-var", "version=abc1234",
        "-var", "work_dir=/work",
        "/project/packer/berth.pkr.hcl",
    ]  # fmt: skip


def test_extensions_are_given_as_a_list() -> None:
    """Packer reads the list as JSON, and the tag says that it differs."""
    command = _changed(extensions=("Gadgets", "Cite")).command(Path("/project"), Path("/work"))
    assert 'extensions=["Cite", "Gadgets"]' in command
    assert f"version={images.version.tag('abc1234', ('Cite', 'Gadgets'))}" in command


@pytest.mark.parametrize("change", [{"version": "2"}, {"extensions": ("Cite",)}, {"base": "b:2"}, {"content": "1"}])
def test_every_input_makes_another_image(change: dict[str, object]) -> None:
    """Whatever decides what an image holds is part of the name that finds it again."""
    assert _changed(**change).inputs != PLAIN.inputs


def test_the_commit_alone_makes_no_other_image() -> None:
    """A commit that changes no image file needs no build when the version is given."""
    assert _changed(commit="def5678").inputs == PLAIN.inputs


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
