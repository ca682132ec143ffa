from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.image.certificates import issue
from tests.image.containers import docker, eventually, inspect, logs, wait_exit
from tests.image.site import Database, Site, get

pytestmark = pytest.mark.containers

# Which cipher protects WordPress' connection.
ASK = """<?php
require "/usr/local/lib/berth/app/request.php";
require "/usr/share/wordpress/wp-load.php";
echo "encrypted by ", $wpdb->get_var("SHOW SESSION STATUS LIKE 'Ssl_cipher'", 1);
"""


@pytest.fixture(scope="module")
def certificates(image: str, network: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an authority, a server's certificate and a second authority."""
    folder = tmp_path_factory.mktemp("tls")
    issue(image, f"{network}-tls", folder)
    return folder


@pytest.fixture(scope="module")
def secure(database: Database, certificates: Path) -> Iterator[Database]:
    """Start a database server that takes TLS only."""
    running = Database(host=f"{database.network}-tls", network=database.network, password=database.password)
    docker(
        "run", "--detach", "--name", running.host, "--network", running.network, "--volume", f"{certificates}:/tls:ro",
        "--env", f"MARIADB_ROOT_PASSWORD={running.password}", inspect(database.host)["Config"]["Image"],
        "--ssl-ca=/tls/ca.pem", "--ssl-cert=/tls/server.pem", "--ssl-key=/tls/server.key",
        "--require-secure-transport=ON",
    )  # fmt: skip
    ping = ("exec", running.host, "mariadb-admin", "-uroot", f"-p{running.password}", "ping")
    eventually(lambda: docker(*ping, check=False).returncode == 0, "the database answers", 60)
    yield running
    docker("rm", "--force", "--volumes", running.host)


def test_site_runs_over_verified_tls(kind: type[Site], image: str, secure: Database, certificates: Path) -> None:
    """Every job talks TLS to a server that the authority vouches for, and the user cannot do without."""
    mount = ("--volume", f"{certificates}:/tls:ro")
    with closing(kind(image, secure)) as site:
        for job in ("provision", "migrate"):
            code, errors = site.run(job, *mount, DATABASE_TLS_CA="/tls/ca.pem")
            assert code == 0, errors
        web = site.serve(*mount, DATABASE_TLS_CA="/tls/ca.pem")
        assert get(web, site.front).status == 200
        user = site.secrets["DATABASE_USER"]
        assert site.query(f"SELECT ssl_type FROM mysql.user WHERE user = '{user}'") == ["ANY"]


def _refused(errors: str) -> bool:
    return "is the certificate made out to DATABASE_HOST and signed by DATABASE_TLS_CA?" in errors


def test_server_of_another_authority_is_refused(
    kind: type[Site], image: str, secure: Database, certificates: Path
) -> None:
    """A server that somebody else vouches for gets no password."""
    mount = ("--volume", f"{certificates}:/tls:ro")
    with closing(kind(image, secure)) as site:
        code, errors = site.run("provision", *mount, DATABASE_TLS_CA="/tls/other.pem", DATABASE_WAIT_SECONDS="1")
    assert (code, errors.count("error: ")) == (1, 1)
    assert _refused(errors)


@pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")
def test_mediawiki_itself_verifies(kind: type[Site], image: str, secure: Database, certificates: Path) -> None:
    """Neither MediaWiki's installer nor its other connections believe a server of another authority."""
    mount = ("--volume", f"{certificates}:/tls:ro")
    script = 'for part in log env app secrets; do . "$BERTH_LIB/lib/$part.sh"; done; maintenance_install'
    (certificates / "install.sh").write_text(script)
    with closing(kind(image, secure)) as site:
        assert site.run("provision", *mount, DATABASE_TLS_CA="/tls/ca.pem")[0] == 0
        given = {"BERTH_LIB": "/usr/local/lib/berth", **site.job_secrets["migrate"]}
        wrong, right = ({**given, "DATABASE_TLS_CA": f"/tls/{name}.pem"} for name in ("other", "ca"))
        assert "Cannot connect" in site.run("bash -e /tls/install.sh", *mount, **wrong)[1]
        assert site.query(f"SHOW TABLES FROM {site.name}") == []
        assert site.run("bash -e /tls/install.sh", *mount, **right)[0] == 0
        statistics = "php /usr/share/mediawiki/maintenance/run.php showSiteStats"
        assert site.run(statistics, *mount, **wrong)[0] != 0
        assert site.run(statistics, *mount, **right)[0] == 0


@pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")
def test_wordpress_itself_verifies(kind: type[Site], image: str, secure: Database, certificates: Path) -> None:
    """WordPress' own connections believe no server of another authority, and talk TLS to the right one."""
    mount = ("--volume", f"{certificates}:/tls:ro")
    (certificates / "ask.php").write_text(ASK)
    with closing(kind(image, secure)) as site:
        for job in ("provision", "migrate"):
            assert site.run(job, *mount, DATABASE_TLS_CA="/tls/ca.pem")[0] == 0
        assert "Error establishing a database connection" in _ask(site, *mount, DATABASE_TLS_CA="/tls/other.pem")
        assert _ask(site, *mount, DATABASE_TLS_CA="/tls/ca.pem").startswith("encrypted by TLS")


def _ask(site: Site, *options: str, **environment: str) -> str:
    asked = site.start("php /tls/ask.php", *options, **environment)
    wait_exit(asked)
    return logs(asked)


def test_name_of_the_server_is_verified(kind: type[Site], image: str, secure: Database, certificates: Path) -> None:
    """A certificate of another name is refused, whoever signed it."""
    docker("network", "disconnect", secure.network, secure.host)
    docker("network", "connect", "--alias", "impostor", "--alias", secure.host, secure.network, secure.host)
    mount = ("--volume", f"{certificates}:/tls:ro")
    with closing(kind(image, secure)) as site:
        code, errors = site.run(
            "provision", *mount, DATABASE_HOST="impostor", DATABASE_TLS_CA="/tls/ca.pem", DATABASE_WAIT_SECONDS="1"
        )
    assert code == 1
    assert _refused(errors)
