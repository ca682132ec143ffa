import json
from pathlib import Path

import pytest

from ops import synth
from ops.errors import OpsError
from ops.place import Place
from tests.conftest import make_config

MAIN = """
import json, os, pathlib
out = pathlib.Path(os.environ["BERTH_OUT"])
stack = out / "stacks" / "base"
stack.mkdir(parents=True)
(stack / "cdk.tf.json").write_text(json.dumps({"unprotected": os.environ.get("BERTH_UNPROTECTED", "")}))
entry = {"workingDirectory": "stacks/base", "dependencies": []}
(out / "manifest.json").write_text(json.dumps({"stacks": {"base": entry}}))
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Give a place with a main.py of its own."""
    monkeypatch.delenv("BERTH_OUT", raising=False)
    (tmp_path / "main.py").write_text(MAIN)
    return Place("test", tmp_path, tmp_path / ".berth", make_config())


def test_stacks_are_listed_needed_ones_first(tmp_path: Path) -> None:
    """The manifest's order does not matter, and folders that it does not name do not exist."""
    needs = {"site-wiki": ["jobs-wiki", "base"], "jobs-wiki": ["base"], "base": []}
    entries = {name: {"workingDirectory": f"stacks/{name}", "dependencies": on} for name, on in needs.items()}
    (tmp_path / "manifest.json").write_text(json.dumps({"stacks": entries}))
    (tmp_path / "stacks" / "old").mkdir(parents=True)
    stacks = synth.read(tmp_path)
    assert [stack.name for stack in stacks] == ["base", "jobs-wiki", "site-wiki"]
    assert stacks[2].folder == tmp_path / "stacks" / "site-wiki"
    assert stacks[2].needs == {"jobs-wiki", "base"}


def test_settings_as_they_are(place: Place) -> None:
    """main.py writes into cdktf.out."""
    (base,) = synth.synthesize(place)
    assert base.folder == place.root / "cdktf.out" / "stacks" / "base"
    assert base.configuration() == {"unprotected": ""}


def test_unprotected_settings_lie_apart(place: Place) -> None:
    """What destroy synthesizes is never mistaken for the settings by an apply that runs besides."""
    (base,) = synth.synthesize(place, protected=False)
    assert base.folder.is_relative_to(place.work)
    assert base.configuration() == {"unprotected": "1"}
    assert not (place.root / "cdktf.out").exists()


def test_failure_of_main_is_one_sentence(place: Place) -> None:
    """No traceback of main.py reaches the person."""
    (place.root / "main.py").write_text("raise ValueError('two sites have one host')")
    with pytest.raises(
        OpsError, match=r"^the settings cannot be turned into stacks: ValueError: two sites have one host$"
    ):
        synth.synthesize(place)
