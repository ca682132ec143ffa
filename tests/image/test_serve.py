import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.image.containers import docker, eventually, execute, inspect, logs, wait_exit
from tests.image.site import Site, address, get

pytestmark = pytest.mark.containers

# Builtins only: the children of this shell have the container's configured environment.
ENVIRONMENTS = """
for process in /proc/[0-9]*; do
  [[ $process == "/proc/$$" ]] && continue
  mapfile -d '' -t line <"$process/cmdline" && mapfile -d '' -t env <"$process/environ"
  printf '%s\\n' "${line[*]}" "${env[@]}"
done
"""


def test_processes_are_unprivileged(site: Site, web: str) -> None:
    """Every process runs as uid 10001 without capabilities, on a root that cannot be written."""
    script = "for s in /proc/[0-9]*/status; do grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs)' $s; done 2>/dev/null | sort -u"
    assert execute(web, script).split() == [
        "CapBnd:", "0000000000000000", "CapEff:", "0000000000000000", "NoNewPrivs:", "1",
        "Uid:", "10001", "10001", "10001", "10001",
    ]  # fmt: skip
    assert execute(web, f"touch /srv/x /etc/x {site.root}/x 2>/dev/null || echo refused") == "refused\n"


def test_one_port_listens(web: str) -> None:
    """Nothing but 8080 is open; PHP listens on a socket."""
    script = "awk '$4 == \"0A\" {print $2}' /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -v '^0B00007F'"
    assert execute(web, script).split() == ["00000000:1F90"]


def test_container_is_healthy(web: str) -> None:
    """The health command and both probes agree that all is well."""
    assert docker("exec", web, "health").returncode == 0
    assert (get(web, "/healthz").body, get(web, "/readyz").body) == (b"ok", b"ready\n")


def test_no_secret_shows_while_serving(site: Site, web: str) -> None:
    """No environment, command line, log line or page holds a secret, and files only the needed ones."""
    get(web, site.front)
    seen = execute(web, ENVIRONMENTS)
    assert "php-fpm: pool app" in seen
    assert f"{next(iter(site.app_environment))}=" in seen
    assert "canary" not in seen + logs(web)
    assert execute(web, "stat -c '%n %a %u' /run/berth/secrets/*").splitlines() == [
        f"/run/berth/secrets/{name} 400 10001" for name in sorted(site.secrets)
    ]


def test_readiness_is_deep_once_only(fresh: Site) -> None:
    """Ready means database, schema and files; afterwards a lost database changes nothing."""
    fresh.install()
    web = fresh.serve()
    fresh.query(f"RENAME TABLE {fresh.name}.berth_state TO {fresh.name}.hidden")
    assert get(web, "/readyz").status == 200
    execute(web, "rm /run/berth/ready")
    answer = get(web, "/readyz")
    assert (answer.status, answer.body) == (503, b"waiting for: schema\n")
    assert get(web, "/healthz").status == 200
    fresh.query(f"RENAME TABLE {fresh.name}.hidden TO {fresh.name}.berth_state")
    assert get(web, "/readyz").status == 200


def test_serve_waits_for_the_migration(fresh: Site) -> None:
    """Serving begins when the schema is there, and gives up at the deadline with the remedy."""
    assert fresh.run("provision")[0] == 0
    code, errors = fresh.run("serve", DATABASE_WAIT_SECONDS="2")
    assert code == 1
    assert f"waited 2 s for the migration of {fresh.name}; last: the schema is empty; run the migrate job" in errors
    early = fresh.start("serve")
    assert fresh.run("migrate")[0] == 0
    eventually(lambda: fresh.is_ready(early), "the early container serves")


def test_absent_database_is_one_clear_error(fresh: Site) -> None:
    """A database that never comes up ends each job within its deadline, with where and why."""
    for job in ("provision", "migrate", "serve"):
        began = time.monotonic()
        code, errors = fresh.run(job, DATABASE_HOST="nowhere.invalid", DATABASE_WAIT_SECONDS="2")
        assert code == 1
        assert time.monotonic() - began < 15
        assert errors.count("error: ") == 1
        assert "waited 2 s for the database at nowhere.invalid:3306; last: " in errors
        assert "Warning" not in errors


def test_wrong_password_is_one_clear_error(site: Site) -> None:
    """A password that the database refuses is told by the user's name only."""
    code, errors = site.run("serve", DATABASE_PASSWORD="canary-wrong", DATABASE_WAIT_SECONDS="1")
    assert code == 1
    assert "Access denied for user" in errors
    assert "canary" not in errors


def test_missing_environment_shows_at_once(fresh: Site) -> None:
    """A container without any settings names all that it lacks."""
    done = docker("run", "--rm", fresh.image, check=False)
    assert done.returncode == 1
    for name in ("DATABASE_HOST", *fresh.secrets):
        assert f"environment: {name}: not set" in done.stderr


def test_bare_container_does_it_all(fresh: Site) -> None:
    """With BERTH_AUTO=1 one container provisions, migrates and serves, and keeps no administrator's secret."""
    secrets = fresh.job_secrets["provision"] | fresh.job_secrets["migrate"]
    web = fresh.serve(BERTH_AUTO="1", **secrets)
    assert get(web, fresh.front).status == 200
    assert execute(web, "ls /run/berth/secrets").split() == sorted(fresh.secrets)


def test_ten_on_an_empty_volume_make_one_tree(site: Site, fresh: Site) -> None:
    """Of ten replicas that start on an empty volume one makes the folders."""
    volume = ("--volume", f"{fresh.volume}:/srv/files")
    with ThreadPoolExecutor(10) as pool:
        replicas = list(pool.map(lambda _: site.start("serve", *volume), range(10)))
    for replica in replicas:
        eventually(lambda name=replica: site.is_ready(name), f"{replica} serves", 60)
    assert sum("making the shared files ready" in logs(replica) for replica in replicas) == 1
    assert execute(replicas[0], "ls -A /srv/files").split() == [".berth", site.shared]
    docker("rm", "--force", "--volumes", *replicas)
    for replica in replicas:
        site.containers.remove(replica)


def test_read_only_volume_is_a_clear_error(site: Site) -> None:
    """A volume that cannot be written ends the container with what to do."""
    code, errors = site.run("serve", "--volume", f"{site.volume}:/srv/files:ro")
    assert code == 1
    assert "cannot write to /srv/files; mount it writable for uid 10001" in errors


def test_full_volume_is_a_clear_error(site: Site) -> None:
    """A volume without room ends the container with what to look at."""
    code, errors = site.run("serve", "--tmpfs", "/srv/files:size=4k,nr_inodes=3,uid=10001,mode=0750")
    assert code == 1
    assert "No space left on device" in errors
    assert "cannot write to /srv/files, see above; is it full or read-only?" in errors


@pytest.mark.parametrize(("process", "shown"), [("php-fpm", "php-fpm"), ("nginx", "nginx")])
def test_death_of_a_server_stops_the_container(site: Site, process: str, shown: str) -> None:
    """The death of nginx or FPM ends the container with its status."""
    web = site.serve()
    execute(web, f"kill -KILL $(</run/berth/{process}.pid)")
    assert wait_exit(web) == 137
    assert f"error: {shown} ended with status 137; stopping the container" in logs(web)


def test_stop_lets_requests_finish(site: Site) -> None:
    """A request in flight when the container is told to stop gets its answer, a new one none."""
    web = site.serve()
    path, body, shown = site.form
    with socket.create_connection(address(web), timeout=30) as slow:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        slow.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body[:10])
        time.sleep(0.5)
        began = time.monotonic()
        docker("kill", "--signal", "TERM", web)
        eventually(lambda: "stopping: requests in flight" in logs(web), "the stop is noticed")
        time.sleep(1)
        slow.sendall(body[10:])
        answer = b"".join(iter(lambda: slow.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert shown in answer
    assert wait_exit(web) == 0
    assert time.monotonic() - began < 15


def test_stop_while_waiting_is_prompt(fresh: Site) -> None:
    """A container that waits for its database ends at once when told to."""
    waiting = fresh.start("serve", DATABASE_HOST="nowhere.invalid")
    eventually(lambda: "waiting for the database" in logs(waiting), "it waits")
    began = time.monotonic()
    docker("stop", "--time", "20", waiting)
    assert time.monotonic() - began < 10
    assert inspect(waiting)["State"]["ExitCode"] == 143


def test_container_restarts_on_its_own_volumes(site: Site) -> None:
    """A container that is started again finds what its earlier life left, and serves."""
    web = site.serve()
    docker("kill", web)
    docker("start", web)
    eventually(lambda: site.is_ready(web), "it serves again")


def test_operator_may_run_maintenance(site: Site) -> None:
    """Any other command runs in the prepared container, secrets in files and out of its environment."""
    command, printed = site.operation
    maintenance = site.start(command)
    assert wait_exit(maintenance) == 0
    assert printed in logs(maintenance)
    assert wait_exit(site.start("printenv DATABASE_PASSWORD")) == 1
