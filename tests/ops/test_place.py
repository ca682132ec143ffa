import shutil
from pathlib import Path

import pytest

from ops.errors import OpsError
from ops.place import PROJECT, Place
from tests.conftest import make_config


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a project with the settings of this one."""
    for name in ("BERTH_HOME", "BERTH_OUT", "BERTH_PORT", "BERTH_TERRAFORM"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(PROJECT / "environments", tmp_path / "environments")
    return tmp_path


def test_unknown_environment_names_the_known_ones(root: Path) -> None:
    """A typing mistake shows what there is."""
    with pytest.raises(OpsError, match="got 'prod'; allowed: home, local, production"):
        Place.of("prod", root)


def test_folders(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything lies in the project unless the environment says otherwise."""
    place = Place.of("local", root)
    assert (place.home, place.output, place.work) == (root / ".berth", root / "cdktf.out", root / ".berth" / "local")
    monkeypatch.setenv("BERTH_HOME", str(root / "elsewhere"))
    monkeypatch.setenv("BERTH_OUT", str(root / "out"))
    place = Place.of("local", root)
    assert (place.home, place.output) == (root / "elsewhere", root / "out")


def test_state_keys(root: Path) -> None:
    """The registry is shared by all environments of an account."""
    place = Place.of("local", root)
    assert place.state_key("registry") == "shared/registry.tfstate"
    assert place.state_key("site-wiki") == "local/site-wiki.tfstate"


def test_port_is_moved_for_the_embedded_cloud_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """BERTH_PORT must not turn production into an embedded cloud."""
    monkeypatch.setenv("BERTH_PORT", "5123")
    local, production = Place.of("local", root), Place.of("production", root)
    assert local.process_environment()["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5123"
    assert local.client("s3").meta.endpoint_url == "http://127.0.0.1:5123"
    assert not production.local
    assert "BERTH_PORT" not in production.process_environment()
    assert "AWS_ENDPOINT_URL" not in production.process_environment()


def test_bad_port_is_one_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings' own words say what is wrong."""
    monkeypatch.setenv("BERTH_PORT", "http")
    with pytest.raises(OpsError, match="BERTH_PORT: must be a port number, got 'http'"):
        Place.of("local", root)


def test_foreign_settings_do_not_reach_terraform(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a plugin cache, nor a log level, nor a real account's profile get in the way."""
    for name in ("TF_PLUGIN_CACHE_DIR", "TF_LOG", "TF_WORKSPACE", "AWS_PROFILE"):
        monkeypatch.setenv(name, "x")
    environment = Place.of("local", root).process_environment()
    assert {"TF_PLUGIN_CACHE_DIR", "TF_LOG", "TF_WORKSPACE", "AWS_PROFILE"} & environment.keys() == set()
    assert environment["TF_CLI_CONFIG_FILE"] == str(root / ".berth" / "terraformrc")
    assert Place("production", root, root, make_config()).process_environment()["AWS_PROFILE"] == "x"


def test_program_that_set_up_downloaded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """BERTH_TERRAFORM, then `.berth/bin`, then PATH."""
    assert Place.of("local", root).terraform == "terraform"
    program = root / ".berth" / "bin" / "terraform"
    program.parent.mkdir(parents=True)
    program.touch()
    assert Place.of("local", root).terraform == str(program)
    monkeypatch.setenv("BERTH_TERRAFORM", "tofu")
    assert Place.of("local", root).terraform == "tofu"
