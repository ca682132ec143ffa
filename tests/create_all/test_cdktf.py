import os
import subprocess

import pytest

from ops.place import PROJECT
from tests.create_all.conftest import Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


def test_cdktf_plans_the_same_app(created: Created) -> None:
    """`make cdktf` brings cdktf-cli; its plan of an applied stack is empty, as Berth's own is."""
    assert created.make("cdktf").returncode == 0
    variables = {name: value for name, value in created.variables.items() if name != "BERTH_OUT"}
    done = subprocess.run(
        [PROJECT / ".berth/bin/cdktf", "plan", "registry"],
        cwd=PROJECT,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "found no differences, so no changes are needed" in done.stdout
