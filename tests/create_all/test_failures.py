"""What a person sees when something is wrong before create-all can do its work."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import cloud
from ops.place import PROJECT
from tests.create_all.conftest import Created, free_port

pytestmark = [pytest.mark.cloud]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Created]:
    """A copy with settings of its own, of which nothing has been made."""
    made = Created(tmp_path / "home", free_port(), tmp_path / "environments")
    made.environments.mkdir()
    (made.environments / "local.yaml").write_text((PROJECT / "environments/local.yaml").read_text())
    yield made
    cloud.remove(made.home, made.port)


def create_all(copy: Created, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run create-all without set-up before it."""
    return subprocess.run(
        [PROJECT / ".venv/bin/python", "-m", "ops", "create-all", "--env", "local"],
        cwd=PROJECT,
        env=os.environ | copy.variables | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_bad_settings_are_named_all_at_once(copy: Created) -> None:
    """Two wrong settings give two lines and nothing else, and nothing is started."""
    path = copy.environments / "local.yaml"
    path.write_text(path.read_text().replace("nat: single", "nat: double").replace("app: mediawiki", "app: drupal"))
    done = create_all(copy)
    assert done.returncode == 1
    assert [line.split(": ")[:2] for line in done.stderr.splitlines()] == [
        [str(path), "network/nat"],
        [str(path), "sites/wiki/app"],
    ]
    assert not cloud.running(copy.home, copy.port)


@pytest.mark.parametrize("offset", [0, 1], ids=["api", "http"])
def test_a_busy_port_is_named(copy: Created, offset: int) -> None:
    """A port that another program holds is named in one sentence, before anything is made."""
    with socket.create_server(("127.0.0.1", copy.port + offset)):
        done = create_all(copy)
    assert done.returncode == 1
    assert str(copy.port + offset) in done.stderr
    assert "Traceback" not in done.stderr
    assert not (copy.home / "local" / "logs").exists()


def test_without_docker_every_stack_is_applied(copy: Created) -> None:
    """A machine without a container runtime gets all stacks, is told what was not started, and loses nothing later."""
    done = create_all(copy, DOCKER_HOST="unix:///nowhere/docker.sock")
    assert done.returncode == 0, done.stderr
    assert "applied but not started, no Docker daemon answers" in done.stdout
    states = copy.place.client("s3").list_objects_v2(Bucket="berth-local-state")["Contents"]
    keys = {item["Key"] for item in states}
    stacks = ("base", "cluster", "data-wiki", "jobs-wiki", "site-wiki")
    assert keys >= {"shared/registry.tfstate", *(f"local/{stack}.tfstate" for stack in stacks)}
    assert copy.containers() == []
