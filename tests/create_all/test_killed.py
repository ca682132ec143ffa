"""create-all that is killed on its way, on the platform `ecs`; then a changed setting, and a destroy."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from local import cloud
from ops.place import PROJECT
from tests.create_all.changes import nothing_to_change, update_in_place
from tests.create_all.conftest import Created, free_port

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

VICTIMS = {"wrapper": "ops\0create-all", "terraform": "terraform\0apply", "cloud": "local.server"}
"""Part of the command line of each process that may be killed, its arguments separated as the kernel has them."""
SETTLE_SECONDS = 60
SOAK_SECONDS = 3 * 60 * 60


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Created]:
    """A copy on EC2 instances, of which nothing has been made yet."""
    folder = tmp_path_factory.mktemp("killed")
    settings = yaml.safe_load((PROJECT / "environments/local.yaml").read_text())
    settings["cluster"] = {"platform": "ecs"}
    (folder / "environments").mkdir()
    made = Created(folder / "home", free_port(), folder / "environments")
    _write(made, settings)
    yield made
    cloud.remove(made.home, made.port)


def _write(copy: Created, settings: dict) -> None:
    (copy.environments / "local.yaml").write_text(yaml.safe_dump(settings))


def _processes(copy: Created, command: str) -> list[int]:
    """Return the processes of this copy whose command line holds `command`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line, variables = (folder / "cmdline").read_text(), (folder / "environ").read_text()
        except (OSError, UnicodeDecodeError):
            continue
        if command in line and (f"BERTH_HOME={copy.home}\0" in variables or f"{copy.home}\0" in line):
            found.append(int(folder.name))
    return found


def _kill_one(copy: Created, victim: str, delay: float) -> None:
    """Start create-all and kill the victim after `delay` seconds, or as soon as it is there after them."""
    with (copy.home.parent / "killed.out").open("a") as output:
        output.write(f"--- {victim} after {delay:.1f} s\n")
        output.flush()
        run = subprocess.Popen(
            [PROJECT / ".venv/bin/python", "-m", "ops", "create-all", "--env", "local"],
            cwd=PROJECT,
            env=os.environ | copy.variables,
            stdout=output,
            stderr=output,
        )
        time.sleep(delay)
        while run.poll() is None and not (pids := _processes(copy, VICTIMS[victim])):
            time.sleep(0.2)
        if run.poll() is None:
            for pid in pids[:1]:
                os.kill(pid, signal.SIGKILL)
        code = run.wait(timeout=900)
        output.write(f"--- ended with {code}\n")
    deadline = time.monotonic() + SETTLE_SECONDS
    while _processes(copy, VICTIMS["terraform"]):
        assert time.monotonic() < deadline, "terraform outlived its wrapper"
        time.sleep(0.2)


def _kill_and_converge(copy: Created, kills: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    victims = [list(VICTIMS)[number % len(VICTIMS)] for number in range(kills)]
    chance.shuffle(victims)
    for victim in victims:
        _kill_one(copy, victim, chance.uniform(2, 100))
    done = copy.make("create-all")
    assert done.returncode == 0, f"seed {seed}: {done.stdout}{done.stderr}"


def _made_once(copy: Created) -> None:
    """No crash left a second one of what has no name of its own."""
    ec2 = copy.place.client("ec2")
    ours = [{"Name": "tag:berth:environment", "Values": ["local"]}]
    assert len(ec2.describe_vpcs(Filters=ours)["Vpcs"]) == 1
    assert len(ec2.describe_subnets(Filters=ours)["Subnets"]) == 6
    assert len(ec2.describe_addresses(Filters=ours)["Addresses"]) == 1
    gateways = ec2.describe_nat_gateways(Filter=ours)["NatGateways"]
    assert len([gateway for gateway in gateways if gateway["State"] != "deleted"]) == 1
    assert len(copy.place.client("efs").describe_file_systems()["FileSystems"]) == 1


def test_killed_three_times_it_converges(copy: Created) -> None:
    """Wrapper, terraform and cloud killed with SIGKILL at random moments: the next run makes what is missing, once."""
    _kill_and_converge(copy, 3, int(time.time()))
    _made_once(copy)
    nothing_to_change(copy)
    assert len(copy.containers()) == 2


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
def test_killed_twenty_times_it_converges(copy: Created) -> None:
    """The same with twenty kills, in four rounds that each begin with nothing."""
    for round_ in range(4):
        _kill_and_converge(copy, 5, int(time.time()) + round_)
        _made_once(copy)
        nothing_to_change(copy)
        assert copy.make("destroy").returncode == 0


def test_a_changed_setting_updates_in_place(copy: Created) -> None:
    """On EC2 instances other numbers in the settings replace nothing, and then nothing is left to change."""
    assert copy.make("create-all").returncode == 0
    update_in_place(copy)


def test_destroy_leaves_nothing(copy: Created) -> None:
    """After destroy the cloud, asked before it goes, has nothing of the environment, and Docker nothing of the copy."""
    done = copy.make("destroy")
    assert done.returncode == 0, done.stderr
    assert "nothing is left" in done.stderr + done.stdout
    assert copy.left_over() == []
    assert _processes(copy, "local.server") == []
