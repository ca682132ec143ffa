import json
import subprocess

import pytest

from tests.image.containers import LOCKED_DOWN, docker, inspect
from tests.image.site import Site

pytestmark = pytest.mark.containers

PACKAGES = {
    "mediawiki": {"mediawiki": "1:1.43."},
    "wordpress": {"wordpress": "6.8.", "wordpress-theme-twentytwentyfive": "6.8."},
}
COMPRESSED_MB = {"mediawiki": 130, "wordpress": 120}


def _run(image: str, script: str) -> list[str]:
    return docker("run", "--rm", *LOCKED_DOWN, "--entrypoint", "bash", image, "-c", script).stdout.splitlines()


def test_image_says_how_to_run_it(image: str) -> None:
    """User, port, volumes, entry point and command are the image's own."""
    config = inspect(image)["Config"]
    assert config["User"] == "10001:10001"
    assert list(config["ExposedPorts"]) == ["8080/tcp"]
    assert set(config["Volumes"]) == {"/tmp", "/run/berth", "/var/cache/berth"}
    assert config["Entrypoint"] == ["/usr/local/bin/entrypoint"]
    assert config["Cmd"] == ["serve"]
    assert not config["Tty"]
    assert not config["OpenStdin"]


def test_image_says_where_it_comes_from(app: str, image: str) -> None:
    """The OCI labels tell title, version, commit and time."""
    labels = inspect(image)["Config"]["Labels"]
    names = ("title", "version", "revision", "created", "source")
    found = {name: labels[f"org.opencontainers.image.{name}"] for name in names}
    assert found["title"] == f"berth/{app}"
    assert found["version"] == inspect(image)["Config"]["Env"][-1].removeprefix("BERTH_VERSION=")
    assert found["created"].endswith("+00:00")
    assert all(found.values())


def test_writable_folders_belong_to_the_user(image: str) -> None:
    """What a container may write belongs to uid 10001, and the folders of the image are empty."""
    found = _run(image, "stat -c '%n %u:%g %a' /tmp /run/berth /var/cache/berth /srv/files; ls -A /tmp /run/berth")
    assert found[:4] == [
        "/tmp 10001:10001 1777",
        "/run/berth 10001:10001 750",
        "/var/cache/berth 10001:10001 750",
        "/srv/files 10001:10001 750",
    ]
    assert found[4:] == ["/run/berth:", "", "/tmp:"]


def test_nothing_else_is_writable(image: str) -> None:
    """No other file of the image belongs to the user or may be written by it."""
    folders = "/proc /sys /dev /tmp /run/berth /srv/files /var/cache/berth"
    places = " -o ".join(f"-path {folder}" for folder in folders.split())
    writable = r"\( -user 10001 -o -perm -0002 ! -type l \)"
    script = f"find / \\( {places} \\) -prune -o {writable} -print 2>/dev/null || true"
    assert set(_run(image, script)) == {"/run/lock", "/var/tmp"}


def test_no_program_changes_the_user(image: str) -> None:
    """No file is setuid or setgid."""
    assert _run(image, "find / -xdev -type f -perm /6000 2>/dev/null || true") == []


@pytest.mark.parametrize("program", ["ansible", "python3", "perl5.40", "mariadb", "curl", "apache2", "systemctl"])
def test_program_is_not_in_the_image(image: str, program: str) -> None:
    """What only the build needed, or nobody needs, is not there."""
    assert _run(image, f"command -v {program} || echo none") == ["none"]


def test_packages_come_from_one_release(app: str, image: str) -> None:
    """The application, PHP and nginx are installed; no package cache or list was left behind."""
    wanted = PACKAGES[app] | {"php8.4-fpm": "8.4.", "nginx": "1.", "ca-certificates": "2", "tzdata": "2"}
    packages = dict(
        line.split() for line in _run(image, f"dpkg-query -W -f '${{Package}} ${{Version}}\n' {' '.join(wanted)}")
    )
    assert {name for name, version in wanted.items() if packages[name].startswith(version)} == set(wanted)
    assert _run(image, "find /var/lib/apt/lists /var/cache/apt /var/log -type f 2>/dev/null || true") == []


def test_image_is_small(app: str, image: str) -> None:
    """Compressed, as a registry keeps it, the image is within its goal."""
    script = f"docker save {image} | gzip -5 | wc -c"
    size = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True, timeout=300).stdout
    assert int(size) < COMPRESSED_MB[app] * 1_000_000


def test_every_php_file_fits_the_opcache(kind: type[Site], image: str) -> None:
    """OPcache has a slot for each PHP file, and never looks at one again."""
    settings = dict(
        line.split(" => ")[:2]
        for line in _run(image, "PHP_WORKERS=1 UPLOAD_MIB=1 REQUEST_MIB=2 php-fpm -i")
        if " => " in line
    )
    files = int(_run(image, f"find -L {kind.root} /usr/local -name '*.php' | wc -l")[0])
    assert int(settings["opcache.max_accelerated_files"]) > files
    assert settings["opcache.validate_timestamps"] == "Off"
    assert settings["opcache.enable"] == "On"


def test_php_tells_nothing(image: str) -> None:
    """Errors go to the log, without arguments, and the version stays inside."""
    script = "php -r 'echo json_encode(array_map(ini_get(...), array_slice($argv, 1)));' "
    names = "expose_php display_errors zend.exception_ignore_args log_errors"
    assert json.loads(_run(image, script + names)[0]) == ["", "", "1", "1"]


def test_scripts_of_the_entrypoint_compile(image: str) -> None:
    """Each PHP file of the entrypoint is free of syntax errors."""
    files = "/usr/local/lib/berth/{php,app,app/cache,app/mu-plugins,app/settings}/*.php"
    script = f"shopt -s nullglob; for file in {files}; do php -l $file; done"
    found = _run(image, script)
    assert len(found) >= 6
    assert all(line.startswith("No syntax errors") for line in found)


@pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")
def test_messages_are_baked(image: str) -> None:
    """The messages of every promised language are compiled."""
    script = "ls /usr/local/share/berth/messages | sed s/.l10n.php//"
    baked = json.loads(
        _run(image, 'php -r \'echo json_encode((require "/usr/local/share/berth/baked.php")["languages"]);\'')[0]
    )
    assert sorted(_run(image, script)) == sorted(baked)


def test_history_holds_no_secret(image: str) -> None:
    """No variable of the image and no step of its history is a secret."""
    names = [variable.split("=")[0] for variable in inspect(image)["Config"]["Env"]]
    assert sorted(names) == ["BERTH_VERSION", "LANG", "PATH"]
    assert "canary" not in docker("history", "--no-trunc", image).stdout
