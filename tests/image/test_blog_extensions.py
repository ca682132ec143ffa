import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.image.blog import within
from tests.image.containers import docker, eventually, execute, logs
from tests.image.extensible import (
    EXTENSIONS,
    INSTALLED,
    ExtensibleBlog,
    archive,
    follow,
    install,
    make_images,
    mark,
    page,
    readers,
    tree,
)
from tests.image.person import Person, administrator
from tests.image.site import Database, Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]

STYLE = "/wp-content/plugins/berth-test/style.css"
ASK_AS_ADMINISTRATOR = "wp_set_current_user(1); echo json_encode(current_user_can"
SHARED, COPY = "/srv/files/extensions", "/var/cache/berth/extensions/current"


@pytest.fixture(scope="module")
def images(image: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an older image and a newer one, 1 and 2."""
    folder = tmp_path_factory.mktemp("images")
    make_images(image, folder)
    return folder


def _installed(image: str, images: Path, database: Database) -> Iterator[ExtensibleBlog]:
    with closing(ExtensibleBlog(image, database, brings=images / "1")) as installed:
        installed.install()
        yield installed


@pytest.fixture
def untouched(image: str, images: Path, database: Database) -> Iterator[ExtensibleBlog]:
    """Give an installed blog of the older image, for one test."""
    yield from _installed(image, images, database)


@pytest.fixture(scope="module")
def blog(image: str, images: Path, database: Database) -> Iterator[ExtensibleBlog]:
    """Give one that tests share: each removes the plugin that it installed."""
    yield from _installed(image, images, database)


@pytest.fixture(scope="module")
def replicas(blog: ExtensibleBlog) -> tuple[str, str]:
    """Serve it twice."""
    return blog.serve(), blog.serve()


def _activate(web: str, plugin: str) -> None:
    start = 'require_once ABSPATH . "wp-admin/includes/plugin.php"; '
    assert within(web, f'{start}echo json_encode(activate_plugin("{plugin}"));') == "null"


def _shows(webs: tuple[str, ...], wanted: str) -> None:
    for web in webs:
        eventually(lambda web=web: wanted in page(web), f"{web} shows {wanted}")


def _has_reloaded(web: str) -> bool:
    return execute(web, "[[ /run/berth/php-fpm.pid -nt /run/berth/reloading ]] && echo yes", check=False) == "yes\n"


def _remove(person: Person, web: str) -> None:
    assert follow(person, web, person.ask(web, "/wp-admin/plugins.php").body, "deactivate") == 302
    listed = person.ask(web, "/wp-admin/plugins.php?plugin_status=inactive").body.decode()
    nonce = re.search(r'_wpUpdatesSettings = \{"ajax_nonce":"(\w+)"', listed)
    assert nonce, listed[-2000:]
    form = f"action=delete-plugin&slug=berth-test&plugin={INSTALLED}&_ajax_nonce={nonce[1]}".encode()
    kind = "application/x-www-form-urlencoded"
    assert b'"success":true' in person.ask(web, "/wp-admin/admin-ajax.php", form, Content_Type=kind).body


def test_what_a_person_installs_runs_on_every_replica(blog: ExtensibleBlog, replicas: tuple[str, str]) -> None:
    """Installed, switched on, served, switched off and deleted on one replica, under readers whom nothing fails."""
    one, other = replicas
    person = administrator(blog, one)
    with readers(*replicas) as done:
        told = install(person, one, archive("1"))
        assert b"Plugin installed successfully" in told, told
        assert follow(person, one, told, "activate") == 302
        _shows(replicas, mark("berth-test", "1"))
        for web in replicas:
            answer = get(web, STYLE)
            assert (answer.headers["Content-Type"], answer.body) == ("text/css", b".berth-test { order: 1; }\n")
        _remove(person, other)
        for web in replicas:
            eventually(lambda web=web: get(web, STYLE).status == 404, "the plugin is gone")
        for web in replicas:
            eventually(lambda web=web: _has_reloaded(web), "PHP-FPM has started anew")
    assert len(done) > 10
    for web in replicas:
        eventually(lambda web=web: tree(web, COPY) == tree(one, SHARED), "the copy is the volume's")


def test_a_newer_archive_replaces_the_plugin(blog: ExtensibleBlog, replicas: tuple[str, str]) -> None:
    """A person uploads the next version over the first, while it runs."""
    person = administrator(blog, replicas[0])
    assert follow(person, replicas[0], install(person, replicas[0], archive("1")), "activate") == 302
    _shows(replicas, mark("berth-test", "1"))
    told = install(person, replicas[1], archive("2"))
    assert follow(person, replicas[1], told, "upload-plugin") == 200
    _shows(replicas, mark("berth-test", "2"))
    _remove(person, replicas[1])


def test_readers_run_one_generation(replicas: tuple[str, str]) -> None:
    """Paths of a reader's request name a generation by its number, addresses do not."""
    asked = 'echo WP_PLUGIN_DIR, " ", get_theme_root(), " ", wp_get_theme()->get_stylesheet_directory_uri();'
    style = "http://blog.test:8080/wp-content/themes/twentytwentyfive"
    copy = execute(replicas[0], f"readlink -f {COPY}").strip()
    assert re.fullmatch(r"/var/cache/berth/extensions/\d+", copy)
    assert within(replicas[0], asked) == f"{copy}/plugins {copy}/themes {style}"
    assert get(replicas[0], "/wp-content/themes/twentytwentyfive/style.css").status == 200


def test_an_upgrade_keeps_what_people_did(untouched: ExtensibleBlog, images: Path) -> None:
    """A newer image upgrades what nobody touched, keeps and reports the rest; an older one changes nothing back."""
    old = untouched.serve()
    person = administrator(untouched, old)
    assert follow(person, old, install(person, old, archive("1")), "activate") == 302
    _activate(old, "bundled/bundled.php")
    execute(old, f"echo person >{SHARED}/plugins/bundled/notes.txt && {EXTENSIONS} bump")
    _shows((old,), mark("bundled", "1"))

    new = untouched.of(images / "2").serve()
    assert "plugins/bundled: upgraded from 1 to 2: 1 files written, 0 removed, 1 kept as a person left them" in logs(
        new
    )
    _shows((old, new), mark("bundled", "2"))
    _shows((old, new), mark("berth-test", "1"))
    again = untouched.serve()
    _shows((again,), mark("bundled", "2"))
    for web in (old, new, again):
        assert execute(web, f"cat {COPY}/plugins/bundled/notes.txt") == "person\n"
        eventually(lambda web=web: tree(web, COPY) == tree(old, SHARED), "the copy is the volume's")


def test_a_migration_brings_the_volume_up(untouched: ExtensibleBlog, images: Path) -> None:
    """The job of a release places the plugins that it brings, before anything serves."""
    code, errors = untouched.of(images / "2").run("migrate")
    assert code == 0, errors
    assert "plugins/bundled: upgraded from 1 to 2" in errors


def test_a_network_of_blogs_installs_for_all(image: str, images: Path, database: Database) -> None:
    """The administrator of a network installs a plugin, which any of its blogs may switch on."""
    network = {"WORDPRESS_MULTISITE": "subdirectory"}
    with closing(ExtensibleBlog(image, database, brings=images / "1")) as blogs:
        assert blogs.run("provision")[0] == 0
        assert blogs.run("migrate", **network)[0] == 0
        web = blogs.serve(**network)
        told = install(administrator(blogs, web), web, archive("1"), "/wp-admin/network")
        assert b"Plugin installed successfully" in told, told
        eventually(lambda: execute(web, f"ls {COPY}/plugins") == "berth-test\nbundled\n", "it is here")
        _activate(web, INSTALLED)
        _shows((web,), mark("berth-test", "1"))


def test_ten_replicas_make_one_tree(image: str, database: Database) -> None:
    """Of ten that start at once on an empty volume one places what the image brings; all run the same generation."""
    with closing(ExtensibleBlog(image, database)) as fresh:
        assert fresh.run("provision")[0] == 0
        assert fresh.run("migrate")[0] == 0
        empty = ("--volume", f"{fresh.volume}-empty:/srv/files")
        with ThreadPoolExecutor(10) as pool:
            ten = list(pool.map(lambda _: fresh.start("serve", *empty), range(10)))
        for web in ten:
            eventually(lambda web=web: fresh.is_ready(web), f"{web} serves", 120)
        assert sum("extensions: generation 1; " in logs(web) for web in ten) == 1
        assert {execute(web, "readlink /var/cache/berth/extensions/current") for web in ten} == {"1\n"}
        assert {tree(web, COPY) for web in ten} == {tree(ten[0], SHARED)}
        docker("rm", "--force", "--volumes", *ten)
        docker("volume", "rm", f"{fresh.volume}-empty")
        fresh.containers = [name for name in fresh.containers if name not in ten]


def test_only_who_administrates_may_install(replicas: tuple[str, str]) -> None:
    """Readers' workers, with the REST API, and scheduled jobs install nothing, whoever asks."""
    assert within(replicas[0], f'{ASK_AS_ADMINISTRATOR}("install_plugins"));') == "false"


def test_core_stays_the_image_s(blog: ExtensibleBlog, replicas: tuple[str, str]) -> None:
    """An administrator is offered plugins, and neither WordPress itself, translations nor an editor of files."""
    person = administrator(blog, replicas[0])
    assert b"plugin-install.php" in person.ask(replicas[0], "/wp-admin/plugins.php").body
    assert person.ask(replicas[0], "/wp-admin/plugin-editor.php").status == 403
    refused = person.ask(replicas[0], "/wp-admin/update-core.php?action=do-core-upgrade")
    assert b"not allowed to update this site" in refused.body


def test_uploads_mode_refuses_changes(site: Site, web: str) -> None:
    """By default nobody installs anything, and nothing of this mode is on the volume."""
    person = administrator(site, web)
    assert b"plugin-install.php" not in person.ask(web, "/wp-admin/plugins.php").body
    assert person.ask(web, "/wp-admin/plugin-install.php?tab=upload").status == 403
    for capability in ("install_plugins", "update_plugins", "delete_plugins", "upload_themes"):
        assert within(web, f'{ASK_AS_ADMINISTRATOR}("{capability}"));') == "false"
    assert execute(web, "ls -A /srv/files").split() == [".berth", "uploads"]
    assert "extensions" not in execute(web, "ls /var/cache/berth")
    assert "admin.sock" not in execute(web, "ls /run/berth")
