from pathlib import Path

import pytest

from tests.entrypoint.conftest import ENTRYPOINT, Bash

SOURCES = ("lib/log.sh", "lib/env.sh", "lib/app.sh")
BLOG = {
    "BERTH_APP": str(ENTRYPOINT / "apps/wordpress"),
    "WORDPRESS_URL": "https://blog.example.org",
    "FILES_MODE": "uploads",
}


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        (
            {"WORDPRESS_URL": "forwarded", "WORDPRESS_MULTISITE": "subdomain"},
            "WORDPRESS_URL: got forwarded; a network of blogs needs a URL",
        ),
        ({"WORDPRESS_MULTISITE": "yes"}, "must be empty, subdomain or subdirectory"),
        ({"WORDPRESS_ADMIN_EMAIL": "nobody"}, "must be an e-mail address"),
        ({"WORDPRESS_LANGUAGE": "xx"}, "WORDPRESS_LANGUAGE: not baked into this image, got xx"),
    ],
    ids=["forwarded", "multisite", "email", "language"],
)
def test_wrong_setting_is_named(bash: Bash, variables: dict[str, str], problem: str) -> None:
    """A value that cannot be is told with what is allowed."""
    done = bash("app_defaults; app_validate; env_check", *SOURCES, **BLOG | variables)
    assert done.returncode == 1
    assert problem in done.stderr


def test_defaults_are_valid(bash: Bash) -> None:
    """A blog that sets nothing has no problem."""
    assert bash("app_defaults; app_validate; env_check", *SOURCES, **BLOG).returncode == 0


@pytest.mark.parametrize(("multisite", "lines"), [("", 0), ("subdomain", 0), ("subdirectory", 2)])
def test_rewrites_are_for_subdirectories(bash: Bash, folders: dict[str, Path], multisite: str, lines: int) -> None:
    """Only blogs in subdirectories need nginx to take a directory away."""
    bash("app_defaults; app_prepare", *SOURCES, **BLOG, WORDPRESS_MULTISITE=multisite)
    found = (folders["run"] / "rewrites.conf").read_text().splitlines()
    assert len(found) == lines
    assert all(line.startswith("rewrite ^/[_0-9a-zA-Z-]+(/wp-") and line.endswith(")$ $1 last;") for line in found)
