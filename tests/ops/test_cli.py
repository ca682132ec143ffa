"""The prose is tested too: whatever can be typed is explained, and whatever is explained can be typed."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from botocore.exceptions import EndpointConnectionError

from local.errors import CloudError
from ops import __main__, cli
from ops.errors import OpsError
from ops.place import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text()
README = (PROJECT / "README.md").read_text()
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)
COMMANDS = {
    command.callback.__name__.replace("_", "-"): command for command in cli.app.registered_commands if command.callback
}


def _make(*arguments: str) -> str:
    return subprocess.run(["make", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_explained(target: str) -> None:
    """In `make help`, which is the default, and in the README."""
    assert re.search(rf"^  {target} +\S", _make(), re.MULTILINE)
    assert re.search(rf"`make {target}[` ]", README)


def test_every_target_in_the_readme_exists() -> None:
    """What the README shows can be typed."""
    assert set(re.findall(r"`make ([a-z][a-z-]*)", README)) <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_recipes_are_short(target: str) -> None:
    """Work belongs into ops/ and setup/: three lines of a recipe at most."""
    recipe = MAKEFILE.split(f"\n{target}:")[1].split("\n\n")[0].splitlines()[1:]
    assert 1 <= len(recipe) <= 3


def test_every_target_is_phony() -> None:
    """A file of a target's name must not stop it."""
    assert re.findall(r"^\.PHONY: (\S+)$", MAKEFILE, re.MULTILINE) == TARGETS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_target(command: str) -> None:
    """The Makefile is the front door; only cdktf has a launcher of its own."""
    assert command == "cdktf" or f"$(BERTH) {command} " in MAKEFILE or f"-m ops {command}" in MAKEFILE


def test_every_command_and_option_has_help() -> None:
    """Help text is the reference."""
    click_group = typer.main.get_command(cli.app)
    for name, command in click_group.commands.items():  # type: ignore[attr-defined]
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["plan"], "plan --env local"),
        (["plan", "ENV=production"], "plan --env production"),
        (["create-all", "VERSION=1.2"], 'create-all --env local --version "1.2"'),
        (["destroy"], "destroy --env local "),
        (["destroy", "ALL=1"], "destroy --env local --all"),
        (["logs", "SITE=blog", "FOLLOW=1"], "logs --env local --site blog --follow"),
        (["password", "SITE=blog"], "password --env local --site blog"),
    ],
)
def test_variables_become_options(arguments: list[str], expected: str) -> None:
    """The last line that make would run."""
    assert _make("--dry-run", *arguments).splitlines()[-1].rstrip() == f".venv/bin/python -m ops {expected}".rstrip()


@pytest.mark.parametrize(
    ("error", "beginning"),
    [(OpsError("no"), ""), (CloudError("no"), ""), (EndpointConnectionError(endpoint_url="no"), "AWS: ")],
)
def test_expected_faults_are_one_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, beginning: str
) -> None:
    """The message and exit code 1, never a traceback."""
    monkeypatch.setattr(__main__, "app", _raises(error))
    assert __main__.main() == 1
    assert capsys.readouterr().err == f"{beginning}{error}\n"


def test_an_interrupt_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command can be run again."""
    monkeypatch.setattr(__main__, "app", _raises(KeyboardInterrupt()))
    assert __main__.main() == 130
    assert "run the same command again to go on" in capsys.readouterr().err


def test_an_unknown_environment_lists_the_known_ones() -> None:
    """One line that names the file, what was got and what is allowed."""
    done = subprocess.run(
        [sys.executable, "-m", "ops", "check", "--env", "moon"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("no such environment, got 'moon'; allowed: home, local, production")
    assert len(done.stderr.splitlines()) == 1


def test_ci_runs_what_the_readme_says() -> None:
    """Lint, then `make test`."""
    script = (PROJECT / ".ci/run").read_text()
    assert script.index("make lint") < script.index("make test")
    assert "make test" in README
    assert Path(PROJECT / ".ci/run").stat().st_mode & 0o100


def _raises(error: BaseException) -> Callable[[], None]:
    def run() -> None:
        raise error

    return run
