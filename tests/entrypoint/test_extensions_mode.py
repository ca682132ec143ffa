from pathlib import Path

import pytest

from tests.entrypoint.conftest import ENTRYPOINT, Bash

WORDPRESS = str(ENTRYPOINT / "apps/wordpress")
CONTENT = "/usr/share/wordpress/wp-content"


def _written(bash: Bash, folders: dict[str, Path], mode: str) -> tuple[str, str]:
    done = bash(
        "app_prepare; extensions_write", "entrypoint", BERTH_APP=WORDPRESS, FILES_MODE=mode, WORDPRESS_MULTISITE=""
    )
    assert done.returncode == 0, done.stderr
    return (folders["run"] / "extensions.conf").read_text(), (folders["run"] / "pools.conf").read_text()


def test_uploads_mode_has_one_pool_and_the_image_s_files(bash: Bash, folders: dict[str, Path]) -> None:
    """By default the web server serves the image's plugins, and everybody gets the same workers."""
    nginx, fpm = _written(bash, folders, "uploads")
    assert nginx.splitlines() == [
        f'map "" $extensions_root {{ default {CONTENT}; }}',
        'map $http_cookie $admin_pool { default php; "~(^|; )wordpress_logged_in_" php; }',
    ]
    assert fpm == "\n"


def test_extensions_mode_has_a_pool_for_who_is_logged_in(bash: Bash, folders: dict[str, Path]) -> None:
    """The web server serves the container's own copy, and FPM has workers for wp-admin."""
    nginx, fpm = _written(bash, folders, "extensions")
    assert nginx.splitlines() == [
        f'map "" $extensions_root {{ default {folders["cache"]}/extensions/current; }}',
        'map $http_cookie $admin_pool { default php; "~(^|; )wordpress_logged_in_" admin; }',
    ]
    assert fpm == f"include = {WORDPRESS}/admin-pool.conf\n"


@pytest.mark.parametrize(("mode", "problems"), [("uploads", 0), ("extensions", 0), ("everything", 1)])
def test_a_blog_knows_two_modes(bash: Bash, mode: str, problems: int) -> None:
    """Any other is refused with those that there are."""
    done = bash("_defaults; _validate", "entrypoint", BERTH_APP=WORDPRESS, FILES_MODE=mode)
    assert done.stderr.count("FILES_MODE: got 'everything'; must be uploads or extensions") == problems
    assert done.returncode == problems


def test_a_wiki_says_why_it_has_one_mode(bash: Bash, folders: dict[str, Path]) -> None:
    """Nothing is installed from within a wiki."""
    (folders["share"] / "messages").mkdir()
    (folders["share"] / "messages/en.l10n.php").touch()
    done = bash("_defaults; _validate", "entrypoint", FILES_MODE="extensions")
    assert "FILES_MODE: got 'extensions'; must be uploads: nothing is installed from within a wiki" in done.stderr
