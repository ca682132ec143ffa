import http.client
import re
import stat
from pathlib import Path

import pytest

from modules.contract import UID
from tests.create_all import browser
from tests.create_all.changes import nothing_to_change
from tests.create_all.conftest import SCREENSHOTS, Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

ENVIRONMENTS = r"""
for folder in /proc/[0-9]*; do
  echo "@@ ${folder#/proc/} $(awk '/^PPid:/ { print $2 }' "$folder/status")"
  tr '\0' '\n' <"$folder/environ"
done 2>/dev/null
"""
"""Shell that prints `@@ <process> <parent>` and then the environment, for each process of a container."""


def _get(host: str, port: int, path: str, name: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": name})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_summary_names_the_wiki(created: Created) -> None:
    """URL, version, and the command that shows the password; the password itself is not there."""
    text = (created.home / "create-all.out").read_text()
    assert re.search(rf"^wiki: {created.url} \(version \S+\)$", text, re.MULTILINE)
    assert "administrator and password: make password ENV=local SITE=wiki" in text
    assert re.search(r"^took \d+ s; longest chain: .+ → release-wiki \d+ s$", text, re.MULTILINE)
    assert created.administrator()[1] not in text


def test_the_password_command(created: Created) -> None:
    """`make password` shows name and password, one a line."""
    assert created.make("password").stdout.split() == list(created.administrator())


@pytest.mark.browser
def test_a_person_edits_and_uploads(created: Created, tmp_path: Path) -> None:
    """Log in as the administrator, write a page, upload an image; both replicas serve it byte for byte."""
    file = tmp_path / "Berth.png"
    file.write_bytes(browser.picture())
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with browser.opened() as page:
        browser.log_in(page, created.url, *created.administrator())
        assert page.locator("#pt-userpage").count() == 1
        path = browser.upload(page, created.url, file).removeprefix(created.url)
        browser.edit(page, created.url, "Harbour", f"'''Berth''' lies here. [[File:{file.name}|thumb|The quay]]")
        assert "Berth lies here." in page.inner_text("#mw-content-text")
        page.screenshot(path=SCREENSHOTS / "wiki.png", full_page=True)
    replicas = created.containers()
    assert len(replicas) == 2
    for replica in replicas:
        address = replica.attrs["NetworkSettings"]["Networks"][f"berth-{created.port}"]["IPAddress"]
        assert _get(address, 8080, path, f"wiki.localhost:{created.port + 1}") == (200, file.read_bytes())
    assert (SCREENSHOTS / "wiki.png").stat().st_size > 10_000


def test_what_the_task_definition_claims_is_so(created: Created) -> None:
    """User, root, memory, capabilities, stop timeout, health check: seen in every running container."""
    ecs = created.place.client("ecs")
    (service,) = ecs.describe_services(cluster="berth-local", services=["berth-local-wiki"])["services"]
    found = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
    (claimed,) = found["containerDefinitions"]
    for container in created.containers():
        host, config = container.attrs["HostConfig"], container.attrs["Config"]
        assert config["User"] == claimed["user"] == f"{UID}:{UID}"
        assert host["ReadonlyRootfs"] is claimed["readonlyRootFilesystem"] is True
        assert host["Memory"] == claimed["memory"] * 1024 * 1024
        assert host["CapDrop"] == claimed["linuxParameters"]["capabilities"]["drop"] == ["ALL"]
        assert not host["CapAdd"]
        assert host["Privileged"] is claimed["privileged"] is False
        assert config["StopTimeout"] == claimed["stopTimeout"] == 30
        assert config["Healthcheck"]["Test"] == claimed["healthCheck"]["command"]
        assert config["Healthcheck"]["StartPeriod"] == claimed["healthCheck"]["startPeriod"] * 10**9
        assert {name.partition("=")[0] for name in config["Env"]} >= {secret["name"] for secret in claimed["secrets"]}
        assert container.attrs["State"]["Health"]["Status"] == "healthy"


def _environment_names(text: str) -> set[str]:
    """Return the names in the environments of process 1 and its descendants; a health check's run is none of them."""
    told = [part.split("\n") for part in text.split("@@ ") if part]
    # of one that ended while it was looked at the parent is not known
    processes = [lines for lines in told if len(lines[0].split()) == 2]
    parents = dict(lines[0].split() for lines in processes)
    names: set[str] = set()
    for head, *lines in processes:
        process = head.split()[0]
        while process not in {"1", "0"}:
            process = parents.get(process, "0")
        if process == "1":
            names |= {line.partition("=")[0] for line in lines}
    return names


def test_no_process_has_a_secret_in_its_environment(created: Created) -> None:
    """The entrypoint moves secrets to files that only their user may read, and unsets them."""
    for container in created.containers():
        names = _environment_names(container.exec_run(["sh", "-c", ENVIRONMENTS]).output.decode())
        assert {"DATABASE_HOST", "MEDIAWIKI_SERVER"} <= names
        assert not {name for name in names if re.search(r"PASSWORD|SECRET_KEY|DATABASE_USER", name)} - {
            name for name in names if name.endswith("_FILE")
        }
        listing = (
            container.exec_run(["sh", "-c", "stat -c '%a %u %n' /run/berth/secrets/*"]).output.decode().split("\n")
        )
        modes = [line.split() for line in listing if line]
        assert modes
        assert {(int(mode, 8), int(owner)) for mode, owner, _ in modes} == {(stat.S_IRUSR, UID)}


def test_a_write_outside_the_writable_folders_is_refused(created: Created) -> None:
    """The root is read-only for the process too, not only on paper."""
    (container, *_) = created.containers()
    assert container.exec_run(["touch", "/usr/local/x"]).exit_code != 0
    assert container.exec_run(["touch", "/tmp/x"]).exit_code == 0


def test_nothing_is_left_to_change(created: Created) -> None:
    """The second plan of every stack is empty."""
    nothing_to_change(created)


def test_the_status(created: Created) -> None:
    """Every stack applied, both tasks running and healthy."""
    text = created.make("status").stdout
    assert "not applied" not in text
    assert re.search(rf"wiki\s+2 of 2\s+2 of 2\s+\S+\s+{created.url}", text)


def test_a_second_run_changes_nothing(created: Created) -> None:
    """Run again, create-all converges at once: same tasks, no build, no push, no job."""
    before = {container.id for container in created.containers()}
    done = created.make("create-all")
    assert done.returncode == 0, done.stderr
    assert {container.id for container in created.containers()} == before
    assert not re.search(r"Starting docker container|pushing|provision: ", done.stderr)
