"""A copy of a small project with an embedded cloud of its own."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import cloud
from ops import bootstrap, synth
from ops.place import PROJECT, Place
from ops.sweep import sweep
from ops.sweep.kind import Scope
from ops.synth import Stack
from ops.view import View
from tests.ops.cloud import project

SETTINGS = f"""
environment: local
embedded_cloud: {{port: PORT}}
protection: false
state: {{bucket: {project.BUCKET}}}
"""


@pytest.fixture(scope="session")
def tiny_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the project's folder, its cloud running."""
    root = tmp_path_factory.mktemp("tiny")
    port = _free_port()
    (root / "environments").mkdir()
    (root / "environments" / "local.yaml").write_text(SETTINGS.replace("PORT", str(port)))
    shutil.copy(PROJECT / "terraform.lock.hcl", root)
    cloud.start(root / ".berth", port)
    yield root
    cloud.remove(root / ".berth", port)


@pytest.fixture
def place(tiny_project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Give the place, with an empty state bucket and nothing in the cloud."""
    for name in ("BERTH_HOME", "BERTH_OUT", "BERTH_PORT"):
        monkeypatch.delenv(name, raising=False)
    place = Place.of("local", tiny_project)
    shutil.copy(project.__file__, tiny_project / "main.py")
    assert sweep(place, Scope("local"), lambda _: None) == ()
    bootstrap.remove(place)
    with View("test") as view:
        bootstrap.bootstrap(place, view)
    yield place
    for folder in (place.work, place.output):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def stacks(place: Place) -> dict[str, Stack]:
    """Give the synthesized stacks by name."""
    return {stack.name: stack for stack in synth.synthesize(place)}


@pytest.fixture
def start_apply(place: Place) -> Callable[[str], subprocess.Popen[str]]:
    """Start the apply of one stack in a process that can be killed."""

    def start(stack: str) -> subprocess.Popen[str]:
        code = (
            "import sys; from pathlib import Path\n"
            "from ops import apply, synth; from ops.place import Place; from ops.view import View\n"
            "place = Place.of('local', Path(sys.argv[1]))\n"
            "stack, = (s for s in synth.read(place.output) if s.name == sys.argv[2])\n"
            "with View('apply') as view: apply.stack_step(place, stack, view)\n"
        )
        return subprocess.Popen(
            [sys.executable, "-c", code, str(place.root), stack],
            cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def _free_port() -> int:
    """Find a port whose next one is free too: the load balancer's."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
