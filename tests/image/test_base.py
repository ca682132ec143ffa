import shutil
import subprocess
from pathlib import Path

import pytest

from tests.image.containers import docker, inspect

pytestmark = pytest.mark.containers

FOLDER = Path(__file__).parents[2] / "packer/base"


def test_present_image_is_kept(base: str) -> None:
    """Building a tag again from the same inputs does nothing."""
    before = inspect(base)["Id"]
    done = subprocess.run([FOLDER / "build", base], capture_output=True, text=True, check=True, timeout=10)
    assert (done.stdout, inspect(base)["Id"]) == ("", before)


def test_base_is_small_and_clean(base: str) -> None:
    """The base has no documentation, no lists, no traces of the machine that built it."""
    traces = "/usr/share/man /usr/share/doc/*/changelog* /var/lib/apt/lists/*_* /var/log/*.log"
    script = f"ls -A {traces} 2>/dev/null; cat /etc/machine-id"
    assert docker("run", "--rm", base, "sh", "-c", script).stdout == ""
    assert inspect(base)["Size"] < 90_000_000


@pytest.mark.slow
def test_two_builds_give_the_same_layer(base: str) -> None:
    """Two builds from one state of the archive are the same, byte for byte."""
    again = f"{base}-again"
    subprocess.run([FOLDER / "build", again], check=True)
    try:
        assert inspect(again)["RootFS"]["Layers"] == inspect(base)["RootFS"]["Layers"]
    finally:
        docker("rmi", again)


def test_another_processor_takes_qemu() -> None:
    """What cannot be run here is refused before anything is fetched, with the package that would help."""
    done = subprocess.run([FOLDER / "build", "x", "none"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "programs for none do not run here; apt-get install qemu-user-binfmt, before Debian 13 " in done.stderr


@pytest.mark.parametrize(
    ("programs", "message"),
    [
        (["docker"], "neither mmdebstrap nor debootstrap is installed; apt-get install mmdebstrap"),
        ([], "docker is not installed; apt-get install docker.io"),
    ],
    ids=["no_bootstrap", "no_docker"],
)
def test_missing_program_is_named(tmp_path: Path, programs: list[str], message: str) -> None:
    """A machine without the tools is told which one to install."""
    for program in ("bash", "readlink", "dirname", "env", *programs):
        (tmp_path / program).symlink_to(shutil.which(program) or "/bin/true")
    done = subprocess.run(
        [FOLDER / "build", "x"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert message in done.stderr
