"""Fixtures that every test may use: settings, and stacks synthesized once."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import modules  # noqa: F401 - makes the bindings lazy before cdktf loads them

# isort: split
from cdktf import App
from xdist.scheduler import LoadScopeScheduling

from main import build
from modules.config import Config

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell that starts the tests in the background turns Ctrl-C off, for their children too, and some tests send it
    signal.signal(signal.SIGINT, signal.default_int_handler)

Stacks = dict[str, dict[str, Any]]


def make_config(**changes: Any) -> Config:
    """Return settings on AWS with one wiki; `changes` replace top-level blocks."""
    data = {
        "environment": "test",
        "state": {"bucket": "berth-test-state"},
        "sites": {"wiki": {"host": "wiki.example.org"}},
    }
    return Config.model_validate(data | changes)


def synthesize(config: Config, folder: Path) -> dict[str, str]:
    """Return the JSON text of every stack of `config`."""
    app = App(outdir=str(folder))
    build(app, config)
    app.synth()
    return {path.parent.name: path.read_text() for path in sorted(folder.glob("stacks/*/cdk.tf.json"))}


@pytest.fixture(scope="session")
def synth(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Stacks]:
    """Synthesize settings with the given changes; the same changes are synthesized once a session."""
    kept: dict[str, Stacks] = {}

    def run(**changes: Any) -> Stacks:
        key = json.dumps(changes, sort_keys=True)
        if key not in kept:
            texts = synthesize(make_config(**changes), tmp_path_factory.mktemp("synth"))
            kept[key] = {name: json.loads(text) for name, text in texts.items()}
        return kept[key]

    return run


class Halves(LoadScopeScheduling):
    """Two processes share the work: those tests that mostly wait for a whole environment, and all others."""

    def _split_scope(self, nodeid: str) -> str:
        return "environments" if "/create_all/" in nodeid else "others"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Halves:
    """Keep each half in one process: its fixtures take minutes."""
    return Halves(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the fast tests first: what can fail in a minute should not wait for what takes half an hour."""
    items.sort(key=_slowness)


def _slowness(item: pytest.Item) -> int:
    if item.get_closest_marker("slow"):
        return 1
    if not any(item.get_closest_marker(name) for name in ("cloud", "containers", "browser")):
        return 0
    return 3 if "/create_all/" in item.nodeid else 2
