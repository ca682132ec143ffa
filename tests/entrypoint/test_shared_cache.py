from pathlib import Path

import pytest

from tests.entrypoint.conftest import Bash

SOURCES = ("lib/log.sh", "lib/env.sh", "lib/app.sh", "lib/shared_cache.sh")
CHECK = "shared_cache_defaults; shared_cache_validate; env_check"
PREFIX = (
    """php -r 'require getenv("BERTH_LIB") . "/php/shared_cache.php"; echo Berth\\SharedCache::prefix($argv[1]);'"""
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CACHE_HOST", "tls://cache.example.org"),
        ("CACHE_PORT", "redis"),
        ("CACHE_TLS", "yes"),
        ("CACHE_TLS_CA", "/nowhere"),
    ],
)
def test_wrong_setting_is_named(bash: Bash, name: str, value: str) -> None:
    """A server that could not be reached is refused by the setting that is wrong."""
    done = bash(CHECK, *SOURCES, **{"CACHE_HOST": "cache.example.org", name: value})
    assert done.returncode == 1
    assert f"environment: {name}: " in done.stderr


def test_a_site_needs_no_cache(bash: Bash) -> None:
    """Without a server nothing is asked for, and nothing is forgotten after a migration."""
    done = bash(f"{CHECK}; shared_cache_forget", *SOURCES)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_server_is_verified_unless_told_otherwise(bash: Bash) -> None:
    """A host alone means TLS on Redis' own port, believed by the system's authorities."""
    done = bash(f"{CHECK}; printenv CACHE_PORT CACHE_TLS; echo ${{SSL_CERT_FILE-none}}", *SOURCES, CACHE_HOST="cache")
    assert done.stdout.split() == ["6379", "1", "none"]


def test_another_authority_is_believed_as_well(bash: Bash, tmp_path: Path) -> None:
    """OpenSSL learns of CACHE_TLS_CA."""
    authority = tmp_path / "ca.pem"
    authority.touch()
    done = bash(f"{CHECK}; printenv SSL_CERT_FILE", *SOURCES, CACHE_HOST="cache", CACHE_TLS_CA=str(authority))
    assert done.stdout.strip() == str(authority)


def test_sites_do_not_share_keys(bash: Bash) -> None:
    """Another database, another server of it, or another secret makes other names; the secret does not show."""
    names = [
        bash(f"{PREFIX} {secret}", DATABASE_NAME=database, DATABASE_HOST=host).stdout
        for database, host, secret in [
            ("wiki", "one", "canary"),
            ("wiki", "one", "canary"),
            ("wiki", "one", "other"),
            ("wiki", "two", "canary"),
            ("blog", "one", "canary"),
        ]
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 4
    assert names[0].startswith("wiki-")
    assert "canary" not in names[0]
