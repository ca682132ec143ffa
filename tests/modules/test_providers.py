import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COUNT = "import sys, main; print(sum(m.startswith('cdktf_cdktf_provider_aws.') for m in sys.modules))"


def run(*arguments: str, **environment: str) -> str:
    """Run Python in the project's root and return what it prints."""
    command = [sys.executable, *arguments]
    env = os.environ | environment
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def test_only_the_bindings_in_use_are_imported() -> None:
    """The App imports fewer than a tenth of the 2,135 submodules of the AWS bindings."""
    assert 20 < int(run("-c", COUNT)) < 213


@pytest.mark.slow
def test_lazy_import_changes_no_byte(tmp_path: Path) -> None:
    """The stacks' JSON is the same whether the root package is lazy or stock."""
    outputs = []
    for eager in ("0", "1"):
        folder = tmp_path / eager
        run("main.py", BERTH_EAGER=eager, BERTH_OUT=str(folder), BERTH_ENV="production")
        outputs.append({path.relative_to(folder): path.read_bytes() for path in folder.glob("stacks/*/cdk.tf.json")})
    assert outputs[0]
    assert outputs[0] == outputs[1]
