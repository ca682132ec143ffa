import os
import stat
from pathlib import Path

import pytest

from ops import providers
from ops.errors import OpsError
from ops.place import PROJECT, Place
from tests.conftest import make_config

PACKAGE = Path(providers.ADDRESS) / "5.100.0"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Give a place on a machine that has no mirror at all."""
    monkeypatch.setattr(providers, "IMPLIED", ())
    monkeypatch.setattr(providers, "ADD_ONS", Path("/nowhere"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("BERTH_PROVIDER_MIRROR", "TF_CLI_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / providers.LOCK_FILE).write_bytes((PROJECT / providers.LOCK_FILE).read_bytes())
    return Place("test", tmp_path, tmp_path / ".berth", make_config())


def _mirror(folder: Path) -> Path:
    package = folder / PACKAGE / providers._platform()
    package.mkdir(parents=True)
    (package / "terraform-provider-aws_v5.100.0_x5").touch()
    return folder


def _terraform(folder: Path, script: str) -> str:
    """Write a program that stands in for terraform."""
    program = folder / "terraform"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def test_terraformrc_names_the_mirror_and_nothing_else() -> None:
    """No stack folder ever downloads by itself."""
    assert providers.terraformrc(Path("/mirror")) == (
        'disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "/mirror"\n  }\n}\n'
    )


def test_chosen_mirror_comes_first(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """BERTH_PROVIDER_MIRROR wins over a folder that terraform would look into by itself."""
    monkeypatch.setattr(providers, "IMPLIED", (str(_mirror(tmp_path / "implied")),))
    chosen = _mirror(tmp_path / "chosen")
    assert providers.find(place, {"BERTH_PROVIDER_MIRROR": str(chosen)}) == chosen


def test_mirror_of_the_users_own_settings_is_used(place: Place, tmp_path: Path) -> None:
    """What TF_CLI_CONFIG_FILE configures holds for Berth too."""
    mirror = _mirror(tmp_path / "mirror")
    settings = tmp_path / "rc"
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    assert providers.find(place, {"TF_CLI_CONFIG_FILE": str(settings)}) == mirror


def test_missing_settings_file_is_no_fault(place: Place) -> None:
    """The variable may name a file that is not there."""
    assert providers.find(place, {"TF_CLI_CONFIG_FILE": "/nowhere/rc"}) is None


def test_mirror_of_another_version_does_not_count(place: Place, tmp_path: Path) -> None:
    """Only the locked version will do."""
    (tmp_path / "mirror" / providers.ADDRESS / "5.99.0" / providers._platform()).mkdir(parents=True)
    assert providers.find(place, {"BERTH_PROVIDER_MIRROR": str(tmp_path / "mirror")}) is None


def test_download_is_done_once(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mirror terraform downloads and unpacks; what it unpacked then is the mirror."""
    package = f".terraform/providers/{PACKAGE}/{providers._platform()}"
    script = f"echo run >>../runs; mkdir -p {package}; touch {package}/terraform-provider-aws_v5.100.0_x5"
    monkeypatch.setenv("BERTH_TERRAFORM", _terraform(tmp_path, f"{script}; echo '# h1' >>.terraform.lock.hcl"))
    providers.prepare(place)
    providers.prepare(place)
    assert (place.home / "runs").read_text() == "run\n"
    assert str(place.home / "providers" / ".terraform" / "providers") in place.terraformrc.read_text()
    assert (place.home / providers.LOCK_FILE).read_text().endswith("# h1\n")


def test_failed_download_says_what_to_do(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network and no mirror end in one sentence with the way out."""
    monkeypatch.setenv("BERTH_TERRAFORM", _terraform(tmp_path, "echo 'no route to host' >&2; exit 1"))
    with pytest.raises(OpsError, match="could not be downloaded: no route to host; set BERTH_PROVIDER_MIRROR"):
        providers.prepare(place)


def test_committed_lock_covers_every_platform() -> None:
    """The hashes of all packages of the release are there, and that of the unpacked package for common machines."""
    text = (PROJECT / providers.LOCK_FILE).read_text()
    assert text.count('"zh:') == 15
    assert '"h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0="' in text
    assert os.linesep + '  version     = "5.100.0"' in text
