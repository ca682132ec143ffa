import http
import time

import docker
import pytest

from tests.create_all.conftest import Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

WATCHED_SECONDS = 60
"""Longer than a target group takes to find a task unhealthy, or a container's health check to fail."""


def test_a_database_restart_replaces_no_task(created: Created) -> None:
    """While the database is away pages may fail; the tasks stay, and answer again when it is back."""
    before = {container.id for container in created.containers()}
    database = docker.from_env().containers.get(f"berth-{created.port}-rds-berth-local-wiki")
    database.stop(timeout=30)
    time.sleep(WATCHED_SECONDS)
    database.start()
    deadline = time.monotonic() + WATCHED_SECONDS
    while created.status("wiki", "/index.php?title=Main_Page&action=history") != http.HTTPStatus.OK:
        assert time.monotonic() < deadline, "the wiki does not answer again"
        time.sleep(1)
    assert {container.id for container in created.containers()} == before
