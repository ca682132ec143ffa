import json
from pathlib import Path

import pytest

from tests.entrypoint.conftest import Bash

SOURCES = ("lib/log.sh", "lib/env.sh")


def test_default_fills_unset_and_empty(bash: Bash) -> None:
    """A default stands where the variable is unset or empty, and is exported."""
    done = bash("env_default A 1; env_default B 2; env_default C 3; printenv A B C", *SOURCES, B="", C="given")
    assert done.stdout.split() == ["1", "2", "given"]


def test_value_comes_from_the_variable(bash: Bash) -> None:
    """A secret may be given as itself, spaces and all."""
    done = bash('file_env SECRET; printf "[%s]" "$env_value"', *SOURCES, SECRET=" a b'\"$x ")
    assert done.stdout == "[ a b'\"$x ]"


def test_value_comes_from_the_file(bash: Bash, tmp_path: Path) -> None:
    """A secret may be given as a file, whose last line break does not count."""
    (tmp_path / "secret").write_text("from file\n")
    done = bash('file_env SECRET; printf "[%s]" "$env_value"', *SOURCES, SECRET_FILE=str(tmp_path / "secret"))
    assert done.stdout == "[from file]"


def test_both_forms_are_an_error(bash: Bash, tmp_path: Path) -> None:
    """A secret given in both forms is refused, by its name and without its value."""
    (tmp_path / "secret").write_text("canary-file")
    done = bash("file_env SECRET; env_check", *SOURCES, SECRET="canary-env", SECRET_FILE=str(tmp_path / "secret"))
    assert done.returncode == 1
    assert "SECRET: set twice, as SECRET and as SECRET_FILE" in done.stderr
    assert "canary" not in done.stderr


def test_unreadable_file_is_an_error(bash: Bash) -> None:
    """A secret's file that is not there is named."""
    done = bash("file_env SECRET; env_check", *SOURCES, SECRET_FILE="/nowhere")
    assert done.returncode == 1
    assert "SECRET_FILE: cannot be read, got /nowhere" in done.stderr


def test_all_problems_show_at_once(bash: Bash) -> None:
    """Every problem is told, then the count of them."""
    done = bash("env_require A B; env_match C '[0-9]+' 'a number'; env_check", *SOURCES, C="x")
    assert done.returncode == 1
    assert [json.loads(line)["message"] for line in done.stderr.splitlines()] == [
        "environment: A: not set",
        "environment: B: not set",
        "environment: C: got 'x'; must be a number",
        "error: the environment has 3 problem(s), see above",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_PORT", "mysql"),
        ("DATABASE_NAME", "a-b"),
        ("DATABASE_NAME", "a`; DROP"),
        ("DATABASE_WAIT_SECONDS", "-1"),
        ("DATABASE_TLS_CA", "/nowhere"),
        ("MEDIAWIKI_SERVER", "wiki.example.org"),
        ("MEDIAWIKI_SERVER", "https://wiki.example.org/"),
        ("MEDIAWIKI_SERVER", "forwards"),
        ("MEDIAWIKI_LANGUAGE", "EN"),
        ("MEDIAWIKI_LANGUAGE", "fy"),
        ("FILES_MODE", "extensions"),
        ("PHP_WORKERS", "0"),
        ("TRUSTED_PROXIES", "10.0.0.0/16; return 200"),
    ],
)
def test_bad_setting_is_refused(bash: Bash, folders: dict[str, Path], name: str, value: str) -> None:
    """A setting that could not work is refused by name."""
    (folders["share"] / "messages").mkdir()
    (folders["share"] / "messages/en.l10n.php").touch()
    done = bash("_defaults; _validate", "entrypoint", **{name: value})
    assert done.returncode == 1
    assert f"environment: {name}: " in done.stderr


def test_defaults_are_valid(bash: Bash, folders: dict[str, Path]) -> None:
    """An empty environment passes the checks that all jobs share."""
    (folders["share"] / "messages").mkdir()
    (folders["share"] / "messages/en.l10n.php").touch()
    assert bash("_defaults; _validate", "entrypoint").returncode == 0
