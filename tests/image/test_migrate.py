from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.image.containers import eventually, execute, logs, wait_exit
from tests.image.site import Site

pytestmark = pytest.mark.containers


def test_ten_at_once_install_once(fresh: Site) -> None:
    """Of ten migrations that start together one installs, and nine find its work done."""
    assert fresh.run("provision")[0] == 0
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda _: fresh.run("migrate"), range(10)))
    assert [code for code, _ in done] == [0] * 10, done
    assert sorted(errors.count(f"the schema of {fresh.name} is empty") for _, errors in done) == [0] * 9 + [1]
    assert sum("is current" in errors for _, errors in done) == 9
    fresh.assert_installed()


def test_migration_ends_with_its_lock(fresh: Site) -> None:
    """A migration whose locking connection is lost stops, and the next one starts over."""
    assert fresh.run("provision")[0] == 0
    running = fresh.start("migrate")
    eventually(lambda: f"the schema of {fresh.name} is empty" in logs(running), "the migration has begun")
    held = f"SELECT id FROM information_schema.processlist WHERE id = IS_USED_LOCK('berth:{fresh.name}')"
    fresh.query(f"KILL {fresh.query(held)[0]}")
    assert wait_exit(running) == 1
    assert "lost the connection that holds the migration lock" in logs(running)
    assert fresh.run("migrate")[0] == 0
    fresh.assert_installed()


def test_leftover_without_content_is_replaced(fresh: Site) -> None:
    """Tables of an installation that nobody marked and nobody wrote into give way to a new one."""
    fresh.install()
    fresh.query(f"DROP TABLE {fresh.name}.berth_state, {fresh.name}.{fresh.table}")
    code, errors = fresh.run("migrate")
    assert code == 0, errors
    assert f"the schema of {fresh.name} is leftover" in errors
    fresh.assert_installed()


CONTENT = {
    "mediawiki": {
        "of_another_application": "CREATE TABLE wp_posts (id INT); INSERT INTO wp_posts VALUES (1)",
        "pages": "CREATE TABLE page (page_id INT); INSERT INTO page VALUES (1), (2)",
        "uploads": "CREATE TABLE image (img_name INT); INSERT INTO image VALUES (1)",
    },
    "wordpress": {
        "of_another_application": "CREATE TABLE page (page_id INT); INSERT INTO page VALUES (1)",
        "posts": "CREATE TABLE wp_posts (id INT); INSERT INTO wp_posts VALUES (1), (2), (3), (4)",
        "people": "CREATE TABLE wp_users (id INT); INSERT INTO wp_users VALUES (1), (2)",
    },
}
CONTENTS = [pytest.param(app, sql, id=f"{app}-{name}") for app, found in CONTENT.items() for name, sql in found.items()]


@pytest.mark.parametrize(("app", "content"), CONTENTS, indirect=["app"], scope="session")
def test_content_of_others_is_refused(fresh: Site, content: str) -> None:
    """A schema with content that nobody marked is left alone, and the error says what to do."""
    assert fresh.run("provision")[0] == 0
    fresh.query(f"USE {fresh.name}; {content}")
    before = fresh.query(f"SHOW TABLES FROM {fresh.name}")
    code, errors = fresh.run("migrate")
    assert code == 1
    assert f"{fresh.name} holds content that Berth did not install: name an empty database" in errors
    assert fresh.query(f"SHOW TABLES FROM {fresh.name}") == before


def test_marker_decides(fresh: Site) -> None:
    """The current fingerprint skips the update, an older one runs it, a newer version is refused."""
    fresh.install()
    [marker] = fresh.marker()
    older, newer = fresh.markers
    assert "is current" in fresh.run("migrate")[1]

    fresh.query(f"UPDATE {fresh.name}.berth_state SET value = '{older}'")
    code, errors = fresh.run("migrate")
    assert (code, "is behind" in errors) == (0, True), errors
    assert fresh.marker() == [marker]

    fresh.query(f"UPDATE {fresh.name}.berth_state SET value = '{newer}'")
    code, errors = fresh.run("migrate")
    assert code == 1
    assert "the schema belongs to a newer version" in errors


def test_no_secret_shows_while_migrating(fresh: Site) -> None:
    """Neither command lines nor environments of a migration's processes nor its log hold a secret."""
    assert fresh.run("provision")[0] == 0
    running = fresh.start("migrate")
    # Builtins only, for the children of this shell have the container's configured environment.
    # The entry point itself has it too until it becomes the job. Who is just becoming another has no name yet.
    script = """
        exec {never}<> <(:)
        declare -A known
        while ! read -t 0.01 -u "$never"; do
          for process in /proc/[0-9]*; do
            [[ $process == "/proc/$$" ]] && continue
            { mapfile -d '' -t line <"$process/cmdline"; mapfile -d '' -t env <"$process/environ"; } 2>/dev/null
            [[ -z ${line[*]} || ${line[*]} == *bin/entrypoint* || -n ${known[x${line[*]}]:-} ]] && continue
            known[x${line[*]}]=1
            printf '%s\\n' "${line[*]}" "${env[@]}"
          done
        done
    """
    seen = execute(running, script, check=False)
    assert wait_exit(running) == 0
    assert fresh.installer in seen
    assert f"{next(iter(fresh.app_environment))}=" in seen
    assert "canary" not in seen
    assert "canary" not in logs(running)


def test_provision_changes_the_password(fresh: Site) -> None:
    """Provisioning again gives the user the new password and no right beyond its schema."""
    fresh.install()
    code, errors = fresh.run("provision", DATABASE_PASSWORD="canary-rotated'\\\"")
    assert (code, "canary" in errors) == (0, False), errors
    assert fresh.run("migrate", DATABASE_PASSWORD="canary-rotated'\\\"")[0] == 0
    grants = fresh.query(f"SHOW GRANTS FOR '{fresh.secrets['DATABASE_USER']}'")
    assert len(grants) == 2
    assert grants[0].startswith("GRANT USAGE ON *.*")
    assert "GRANT OPTION" not in grants[1]
    assert f"ON `{fresh.name}`.*" in grants[1]


def test_secret_files_are_read(fresh: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every secret may come as a mounted file; both forms at once is an error that shows neither."""
    folder = tmp_path_factory.mktemp("secrets")
    folder.chmod(0o755)
    given = {**fresh.secrets, **fresh.job_secrets["provision"]}
    for name, value in given.items():
        (folder / name).write_text(value + "\n")
    mount = ("--volume", f"{folder}:/secrets:ro")
    files = {f"{name}_FILE": f"/secrets/{name}" for name in given}
    code, errors = fresh.run("provision", *mount, **files, **dict.fromkeys(given, ""))
    assert code == 0, errors

    code, errors = fresh.run("provision", *mount, DATABASE_PASSWORD_FILE="/secrets/DATABASE_PASSWORD")
    assert code == 1
    assert "DATABASE_PASSWORD: set twice, as DATABASE_PASSWORD and as DATABASE_PASSWORD_FILE" in errors
    assert "canary" not in errors
