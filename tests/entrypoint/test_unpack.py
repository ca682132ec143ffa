import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

UNPACK = Path(__file__).parents[2] / "packer/roles/wordpress_site/files/unpack.sh"


def _zip(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "<?php")


def _tar(path: Path, *names: str) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))


def _unpack(archive: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    # Giving files to root is the build's, which is root.
    script = f"chown() {{ :; }}; . {UNPACK}; _main {archive} {folder}"
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("pack", [_zip, _tar], ids=["zip", "tar"])
def test_the_one_folder_gets_the_name(tmp_path: Path, pack: Callable[..., None]) -> None:
    """Both kinds of archive end in a folder of the plugin's name, whatever theirs was called."""
    pack(tmp_path / "archive", "gallery-1.0/gallery.php")
    done = _unpack(tmp_path / "archive", tmp_path / "gallery")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "gallery").iterdir()] == ["gallery.php"]


@pytest.mark.parametrize("names", [("gallery.php",), ("a/x.php", "b/y.php")], ids=["a_file", "two_folders"])
def test_another_shape_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    """An archive that does not hold one folder is refused by name."""
    _zip(tmp_path / "archive", *names)
    done = _unpack(tmp_path / "archive", tmp_path / "gallery")
    assert (done.returncode, (tmp_path / "gallery").exists()) == (1, False)
    assert "the archive of gallery must hold one folder" in done.stderr
