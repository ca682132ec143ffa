"""SIGKILL at random moments of everything that writes into a database; the next start repairs what it left."""

import random

import pytest

from tests.image.containers import docker, execute, logs
from tests.image.site import Site

pytestmark = pytest.mark.containers

STEPS = {"provision": (0.1, 1.5), "migrate": (0.3, 3.5), "first boot": (0.3, 6.0), "upgrade": (0.3, 3.5)}
"""What is killed, and between which seconds of its life."""
AUTO = {"BERTH_AUTO": "1"}


def _begin(site: Site, step: str) -> str:
    """Bring the database to where the step begins, and start it."""
    site.query(f"DROP DATABASE IF EXISTS {site.name}; DROP USER IF EXISTS '{site.secrets['DATABASE_USER']}'")
    match step:
        case "provision":
            return site.start("provision")
        case "first boot":
            return site.start("serve", **AUTO, **site.job_secrets["provision"], **site.job_secrets["migrate"])
        case "migrate":
            assert site.run("provision")[0] == 0
        case "upgrade":
            site.install()
            site.query(f"UPDATE {site.name}.berth_state SET value = '{site.markers[0]}'")
    return site.start("migrate")


def _is_whole(site: Site, note: str) -> None:
    for job in ("provision", "migrate"):
        code, errors = site.run(job)
        assert code == 0, note + errors
    site.assert_installed(note)


@pytest.mark.parametrize(
    "kills", [5, pytest.param(50, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])], ids=["few", "many"]
)
def test_killed_job_is_repaired(fresh: Site, kills: int) -> None:
    """Whatever was killed, and whenever: the next start brings it to its end, and takes nothing half-done for whole."""
    for number in range(kills):
        step, (earliest, latest) = list(STEPS.items())[number % len(STEPS)]
        seconds = round(random.uniform(earliest, latest), 2)  # noqa: S311 - no secret
        killed = _begin(fresh, step)
        execute(killed, f"sleep {seconds}", check=False)
        docker("kill", killed, check=False)
        _is_whole(fresh, f"{step} killed after {seconds} s: {logs(killed)[-300:]}")
        fresh.tidy()


def test_killed_first_boot_serves_next_time(fresh: Site) -> None:
    """A bare container that was killed while it installed is ready after the next start, with one installation."""
    killed = _begin(fresh, "first boot")
    execute(killed, "sleep 2", check=False)
    docker("kill", killed, check=False)
    fresh.serve(**AUTO, **fresh.job_secrets["provision"], **fresh.job_secrets["migrate"])
    fresh.assert_installed()
