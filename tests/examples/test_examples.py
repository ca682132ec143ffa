import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from cdktf import App

from tests.test_architecture import imports

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.py"))
MUST_HOLD = {
    "network_and_service": {"aws_vpc", "aws_lb", "aws_ecs_service", "aws_ecs_task_definition", "aws_nat_gateway"},
    "data_in_existing_vpc": {"aws_db_instance", "aws_efs_file_system", "aws_secretsmanager_secret"},
}


def load(path: Path) -> ModuleType:
    """Import an example from its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_synthesizes(path: Path, tmp_path: Path) -> None:
    """A stranger's App makes a stack with the resources it is about."""
    app = App(outdir=str(tmp_path))
    load(path).build(app)
    app.synth()
    (stack,) = tmp_path.glob("stacks/*/cdk.tf.json")
    assert MUST_HOLD[path.stem] <= set(json.loads(stack.read_text())["resource"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_uses_only_the_library(path: Path) -> None:
    """Of Berth an example imports modules/ alone."""
    assert not {m for m in imports(path) if m.split(".")[0] in {"stacks", "ops", "local", "main"}}
