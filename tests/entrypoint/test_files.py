import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.entrypoint.conftest import Bash

SOURCES = ("lib/log.sh", "lib/env.sh", "lib/app.sh", "lib/files.sh")
FOLDERS = ["images", "images/archive", "images/deleted", "images/lockdir", "images/temp", "images/thumb"]


def _tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_empty_volume_gets_its_folders(bash: Bash, folders: dict[str, Path]) -> None:
    """An empty volume gets the folders of the uploads, and a marker that says which layout it has."""
    assert bash("files_prepare", *SOURCES).returncode == 0
    assert _tree(folders["files"]) == [".berth", *FOLDERS]
    assert (folders["files"] / ".berth").read_text() == "layout 1\n"


def test_uploads_are_kept(bash: Bash, folders: dict[str, Path]) -> None:
    """Uploads that somebody restored before the first start stay as they are."""
    (folders["files"] / "images/a").mkdir(parents=True)
    (folders["files"] / "images/a/page.png").write_text("upload")
    assert bash("files_prepare", *SOURCES).returncode == 0
    assert (folders["files"] / "images/a/page.png").read_text() == "upload"
    assert (folders["files"] / "images/thumb").is_dir()


def test_second_boot_does_nothing(bash: Bash, folders: dict[str, Path]) -> None:
    """The marker ends the work: not even a folder that lacks is looked for."""
    bash("files_prepare", *SOURCES)
    (folders["files"] / "images/thumb").rmdir()
    done = bash("files_prepare", *SOURCES)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (folders["files"] / "images/thumb").exists()


def test_half_made_tree_is_swept(bash: Bash, folders: dict[str, Path]) -> None:
    """What a killed start left behind is removed, and the work is done again."""
    (folders["files"] / ".berth-new.7/images").mkdir(parents=True)
    (folders["files"] / ".berth").touch()
    assert bash("files_prepare", *SOURCES).returncode == 0
    assert _tree(folders["files"]) == [".berth", *FOLDERS]


def test_ten_at_once_make_one_tree(bash: Bash, folders: dict[str, Path]) -> None:
    """Of ten that start together exactly one makes the tree."""
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda _: bash("files_prepare", *SOURCES), range(10)))
    assert [one.returncode for one in done] == [0] * 10
    assert sum("making the shared files ready" in one.stderr for one in done) == 1
    assert _tree(folders["files"]) == [".berth", *FOLDERS]


def test_lock_of_another_ends_at_the_deadline(bash: Bash, folders: dict[str, Path]) -> None:
    """A container that holds the lock for ever is told of after the deadline."""
    with subprocess.Popen(["flock", folders["files"] / ".berth", "sleep", "30"]) as holder:
        bash(f"until ! flock -n '{folders['files']}/.berth' true; do sleep 0.05; done")
        done = bash("files_prepare", *SOURCES, FILES_WAIT_SECONDS="1")
        holder.kill()
    assert done.returncode == 1
    assert "another container holds" in done.stderr
    assert "after 1 s" in done.stderr


def test_missing_volume_is_one_clear_error(bash: Bash, folders: dict[str, Path]) -> None:
    """A folder that cannot be written ends in an error that says what to mount."""
    folders["files"].rmdir()
    done = bash("files_prepare", *SOURCES)
    assert done.returncode == 1
    assert f"cannot write to {folders['files']}; mount it writable" in done.stderr


def test_second_boot_is_cheap_on_a_network(bash: Bash) -> None:
    """A second boot runs no program but flock and rm, so its file operations are a handful."""
    bash("files_prepare", *SOURCES)
    done = bash("PS4='+'; set -x; files_prepare", *SOURCES)
    commands = {line.lstrip("+ ").split()[0] for line in done.stderr.splitlines()}
    assert commands & {"chown", "find", "flock", "mkdir", "mv", "rm", "rmdir"} == {"flock", "rm"}
