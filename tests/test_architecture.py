import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("modules", "stacks", "ops", "local", "main")


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def files(*patterns: str) -> list[Path]:
    """Return the project's Python files that match."""
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def name(path: Path) -> str:
    """Return a short test id."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", files("modules/apps/*.py"), ids=name)
def test_apps_import_only_the_contract(path: Path) -> None:
    """An application is pure data: it knows the contract and nothing of any cloud."""
    assert imports(path) <= {"modules.contract", "collections.abc", "dataclasses"}


@pytest.mark.parametrize(
    "path", files("modules/contract.py", "modules/config*.py", "modules/sizes.py", "modules/naming.py"), ids=name
)
def test_contract_and_settings_import_no_provider(path: Path) -> None:
    """The contract and the settings can be read without loading cdktf."""
    assert not {module for module in imports(path) if module.startswith("cdktf")}


@pytest.mark.parametrize("path", files("modules/**/*.py"), ids=name)
def test_modules_know_nothing_above_them(path: Path) -> None:
    """Constructs import neither stacks nor the wrapper nor the embedded cloud, nor read settings files."""
    above = {module for module in imports(path) if module.split(".")[0] in {"stacks", "ops", "local", "main"}}
    assert not above


@pytest.mark.parametrize("path", files("modules/**/*.py", "stacks/*.py", "main.py", "examples/*.py"), ids=name)
def test_bindings_are_imported_one_class_a_line_from_their_submodule(path: Path) -> None:
    """Nobody imports the root of the AWS bindings, which would load all of it."""
    assert "cdktf_cdktf_provider_aws" not in imports(path)


@pytest.mark.parametrize("path", files("modules/**/*.py"), ids=name)
def test_only_construct_modules_are_free_of_settings(path: Path) -> None:
    """Constructs take plain arguments: only the settings' own files import them."""
    own = {"config.py", "config_rules.py", "kubernetes_settings.py", "settings_file.py", "schema.py"}
    assert path.name in own or not {m for m in imports(path) if m.startswith("modules.config")}
