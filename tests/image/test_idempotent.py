import json
import uuid
from collections.abc import Iterator

import pytest

from ops.chain import chain
from ops.place import PROJECT
from tests.image.conftest import IMAGES
from tests.image.containers import docker

pytestmark = [pytest.mark.containers, pytest.mark.slow]

INSTALL = "apt-get update -qq && apt-get install -y -qq ansible-core python3-apt >/dev/null 2>&1"
GATHER = "mkdir /root/berth && cp -R /project/packer/roles /project/packer/playbooks /project/entrypoint /root/berth/"


@pytest.fixture
def host(image: str) -> Iterator[str]:
    """Start the finished image as if it were a host, with Ansible and the roles on it."""
    name = f"berth-test-{uuid.uuid4().hex[:8]}"
    docker(
        "run", "--detach", "--name", name, "--user", "0", "--volume", f"{PROJECT}:/project:ro",
        "--entrypoint", "sleep", image, "infinity",
    )  # fmt: skip
    docker("exec", "--env", "DEBIAN_FRONTEND=noninteractive", name, "bash", "-c", f"{INSTALL} && {GATHER}", timeout=300)
    yield name
    docker("rm", "--force", "--volumes", name)


def test_roles_change_nothing_the_second_time(host: str, app: str) -> None:
    """Every playbook of the chain, run on what it has made, finds everything as it should be."""
    for link in chain(PROJECT, IMAGES[app], "berth/base:1"):
        given = ("--extra-vars", json.dumps(dict(link.settings) | {"entrypoint_source": "/root/berth/entrypoint"}))
        inventory = ("--inventory", "localhost,", "--connection", "local")
        playbook = f"/root/berth/playbooks/{link.playbook}.yml"
        done = docker(
            "exec", "--env", "ANSIBLE_ROLES_PATH=/root/berth/roles", host,
            "ansible-playbook", *inventory, *given, playbook, timeout=300,
        )  # fmt: skip
        changed = [task.partition("]")[0] for task in done.stdout.split("TASK [") if "changed: [localhost]" in task]
        assert (link.playbook, changed) == (link.playbook, [])
        assert "failed=0" in done.stdout
