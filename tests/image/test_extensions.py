import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.entrypoint.conftest import ENTRYPOINT
from tests.entrypoint.extensions.replicas import PLUGIN, Image
from tests.image.containers import LOCKED_DOWN, docker

pytestmark = pytest.mark.containers

UID = 10001
ROOM_MIB = 8
BALLAST = f"head -c {ROOM_MIB - 1}M /dev/zero >/srv/files/ballast"
SEED = "/berth/jobs/seed-extensions"
SHARED = "cd /srv/files/extensions && find plugins -type f | sort | xargs cat | md5sum"
COPY = "cd /var/cache/berth/extensions/current && find plugins -type f | sort | xargs cat | md5sum"

Run = Callable[..., tuple[int, str]]
Start = Callable[..., Run]


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a plugin of two megabytes, where containers can read them."""
    folder = tmp_path_factory.mktemp("images")
    for version in ("1", "2"):
        files = {f"plugins/p/f{n}": f"{version}{n}" * 20_000 for n in range(40)}
        Image.make(folder / version, {"plugins/p/p.php": PLUGIN.format(version), **files})
    folder.chmod(0o755)
    for path in folder.parents[:3]:
        path.chmod(0o755)
    return folder


@pytest.fixture
def volume() -> Iterator[str]:
    """Make a volume of Docker's."""
    name = f"berth-test-{uuid.uuid4().hex[:8]}"
    docker("volume", "create", name)
    yield name
    docker("volume", "rm", name)


@pytest.fixture
def start(image: str, trees: Path) -> Iterator[Start]:
    """Start a locked-down container with options, and give what runs a script in it for an image's version."""
    names: list[str] = []

    def begin(*options: str) -> Run:
        names.append(f"berth-test-{uuid.uuid4().hex[:8]}")
        docker(
            "run", "--detach", "--name", names[-1], *LOCKED_DOWN, *options,
            "--tmpfs", "/tmp", "--volume", f"{ENTRYPOINT}:/berth:ro", "--volume", f"{trees}:/images:ro",
            "--env", "BERTH_LIB=/berth", "--entrypoint", "sleep", image, "600",
        )  # fmt: skip
        name = names[-1]

        def run(script: str, version: str = "1") -> tuple[int, str]:
            places = f"BERTH_SHARE=/images/{version} BERTH_EXTENSIONS=/images/{version}/tree"
            done = docker("exec", name, "bash", "-c", f"export {places}; {script}", check=False)
            return done.returncode, done.stdout + done.stderr

        return run

    yield begin
    for name in names:
        docker("rm", "--force", "--volumes", name)


def _memory(path: str, mib: int) -> tuple[str, str]:
    return "--tmpfs", f"{path}:size={mib}m,uid={UID},gid={UID}"


def test_it_runs_locked_down(start: Start) -> None:
    """As an ordinary user, with nothing writable but the volume and the cache; both hold the same tree."""
    run = start(*_memory("/srv/files", ROOM_MIB), *_memory("/var/cache/berth", ROOM_MIB))
    assert run(SEED)[0] == 0
    assert run(SHARED) == run(COPY)


def test_a_full_volume_is_one_clear_error_and_the_next_start_goes_on(start: Start) -> None:
    """Neither a first start nor an upgrade leaves anything behind but what was whole before."""
    run = start(*_memory("/srv/files", ROOM_MIB), *_memory("/var/cache/berth", 4 * ROOM_MIB))
    run(BALLAST)
    code, said = run(SEED)
    assert (code, len(said.splitlines()), "No space left on device" in said) == (1, 1, True)
    assert run("ls -A /srv/files/extensions | grep berth-new")[1] == ""
    run("rm /srv/files/ballast")
    assert run(SEED)[0] == 0
    before = run(SHARED)
    assert before == run(COPY)
    run(BALLAST)
    assert run(SEED, "2")[0] == 1
    assert run(SHARED) == before
    run("rm /srv/files/ballast")
    assert run(SEED, "2")[0] == 0
    assert before != run(SHARED) == run(COPY)


def test_a_full_cache_is_one_clear_error(start: Start) -> None:
    """A container that has no room for its copy does not start; the volume is whole all the same."""
    run = start(*_memory("/srv/files", ROOM_MIB), *_memory("/var/cache/berth", 1))
    code, said = run(SEED)
    assert (code, "No space left on device" in said) == (1, True)
    assert run("/berth/jobs/extensions status")[1].startswith("generation 1,")
    assert run("readlink /var/cache/berth/extensions/current")[0] == 1


def test_a_read_only_volume_is_one_clear_error_and_the_next_start_goes_on(volume: str, start: Start) -> None:
    """It says where it cannot write, and as whom."""
    writable = start("--volume", f"{volume}:/srv/files", *_memory("/var/cache/berth", ROOM_MIB))
    assert writable(SEED)[0] == 0
    read_only = start("--volume", f"{volume}:/srv/files:ro", *_memory("/var/cache/berth", ROOM_MIB))
    code, said = read_only(SEED, "2")
    assert code == 1
    assert f"cannot write to /srv/files/extensions; mount it writable for uid {UID}" in said
    assert "Read-only file system" in said
    assert writable(SEED, "2")[0] == 0
    assert writable(SHARED) == writable(COPY)
