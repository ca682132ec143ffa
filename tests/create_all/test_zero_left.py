"""The last of this folder, by name: it takes away what the others look at."""

import socket

import pytest

from tests.create_all.conftest import Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


def test_destroy_leaves_nothing(created: Created) -> None:
    """The cloud is asked before it goes; then no container, network, volume, process or state is left."""
    assert created.left_over()
    done = created.make("destroy")
    assert done.returncode == 0, done.stderr
    assert created.left_over() == []
    assert not (created.home / "cloud").exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", created.port)) != 0


def test_destroying_nothing_is_no_error(created: Created) -> None:
    """Run again, it says that there is nothing."""
    done = created.make("destroy")
    assert (done.returncode, "nothing was ever made here" in done.stderr) == (0, True), done.stderr
