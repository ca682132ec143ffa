from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.entrypoint.extensions.replicas import PLUGIN, Image
from tests.image.volumes import BALLAST, ROOM_MIB, UID, Containers, Run, memory

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]

SHARED = "cd /srv/files/extensions && find plugins -type f | sort | xargs cat | md5sum"
COPY = "cd /var/cache/berth/extensions/current && find plugins -type f | sort | xargs cat | md5sum"


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a plugin of two megabytes, where containers can read them."""
    folder = tmp_path_factory.mktemp("images")
    for version in ("1", "2"):
        files = {f"plugins/p/f{n}": f"{version}{n}" * 20_000 for n in range(40)}
        Image.make(folder / version, {"plugins/p/p.php": PLUGIN.format(version), **files})
    folder.chmod(0o755)
    return folder


@pytest.fixture
def start(image: str, trees: Path) -> Iterator[Callable[..., Run]]:
    """Start a container of the image, with the trees in it."""
    containers = Containers(image)
    yield lambda *options: containers.start(*options, images=trees)
    containers.close()


def _seed(run: Run, version: str = "1") -> tuple[int, str]:
    folder = f"/images/{version}"
    return run("/berth/jobs/seed-extensions", BERTH_SHARE=folder, BERTH_EXTENSIONS=f"{folder}/tree")


def test_it_runs_locked_down(start: Callable[..., Run]) -> None:
    """As an ordinary user, with nothing writable but the volume and the cache; both hold the same tree."""
    run = start(*memory("/srv/files"), *memory("/var/cache/berth"))
    assert _seed(run)[0] == 0
    assert run(SHARED) == run(COPY)


def test_a_full_volume_is_one_clear_error_and_the_next_start_goes_on(start: Callable[..., Run]) -> None:
    """Neither a first start nor an upgrade leaves anything behind but what was whole before."""
    run = start(*memory("/srv/files"), *memory("/var/cache/berth", 4 * ROOM_MIB))
    assert run(BALLAST)[0] == 1
    code, said = _seed(run)
    assert (code, len(said.splitlines()), "No space left on device" in said) == (1, 1, True)
    assert run("ls -A /srv/files/extensions | grep berth-new")[1] == ""
    run("rm /srv/files/ballast")
    assert _seed(run)[0] == 0
    before = run(SHARED)
    assert before == run(COPY)
    run(BALLAST)
    assert _seed(run, "2")[0] == 1
    assert run(SHARED) == before
    run("rm /srv/files/ballast")
    assert _seed(run, "2")[0] == 0
    assert before != run(SHARED) == run(COPY)


def test_a_volume_with_room_for_half_is_one_clear_error(start: Callable[..., Run]) -> None:
    """It fills up in the middle of the copying: what was copied is taken away, the next start goes on."""
    run = start(*memory("/srv/files"), *memory("/var/cache/berth", 4 * ROOM_MIB))
    run(f"head -c {ROOM_MIB - 1}M /dev/zero >/srv/files/ballast")
    code, said = _seed(run)
    assert (code, len(said.splitlines()), "No space left on device" in said) == (1, 1, True)
    assert run("ls -A /srv/files/extensions | grep -v '^.berth'")[1] == ""
    run("rm /srv/files/ballast")
    assert _seed(run)[0] == 0
    assert run(SHARED) == run(COPY)


def test_a_full_cache_is_one_clear_error(start: Callable[..., Run]) -> None:
    """A container that has no room for its copy does not start; the volume is whole all the same."""
    run = start(*memory("/srv/files"), *memory("/var/cache/berth", 1))
    code, said = _seed(run)
    assert (code, "No space left on device" in said) == (1, True)
    assert run("/berth/jobs/extensions status")[1].startswith("generation 1,")
    assert run("readlink /var/cache/berth/extensions/current")[0] == 1


def test_a_read_only_volume_is_one_clear_error_and_the_next_start_goes_on(
    volume: str, start: Callable[..., Run]
) -> None:
    """It says where it cannot write, and as whom."""
    writable = start("--volume", f"{volume}:/srv/files", *memory("/var/cache/berth"))
    assert _seed(writable)[0] == 0
    read_only = start("--volume", f"{volume}:/srv/files:ro", *memory("/var/cache/berth"))
    code, said = _seed(read_only, "2")
    assert code == 1
    assert f"cannot write to /srv/files/extensions; mount it writable for uid {UID}" in said
    assert "Read-only file system" in said
    assert _seed(writable, "2")[0] == 0
    assert writable(SHARED) == writable(COPY)
