import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.entrypoint.extensions.conftest import MakeReplica
from tests.entrypoint.extensions.replicas import PLUGIN, Replica, messages, read_tree, write_tree

TREE = {"plugins/p/p.php": PLUGIN.format("1"), "plugins/p/code": "one"}


def _eventually(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def fpm(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Stand in for PHP-FPM: write a line for each USR2."""
    body = "import signal, time\nsignal.signal(signal.SIGUSR2, lambda *_: print('reload', flush=True))\n"
    body += "print('ready', flush=True)\nwhile True: time.sleep(0.05)\n"
    with (tmp_path / "reloads").open("w") as out, subprocess.Popen([sys.executable, "-c", body], stdout=out) as process:
        _eventually(lambda: "ready" in (tmp_path / "reloads").read_text(), "the stand-in starts")
        yield process
        process.kill()


@contextlib.contextmanager
def _following(replica: Replica) -> Iterator[subprocess.Popen[str]]:
    follower = replica.start("follow-extensions", EXTENSIONS_POLL_SECONDS="0.2")
    with follower:
        yield follower
        with contextlib.suppress(ProcessLookupError):
            os.killpg(follower.pid, signal.SIGKILL)


def test_bump_makes_a_persons_change_the_next_generation(replica: MakeReplica) -> None:
    """The number grows by one when something changed, and not otherwise."""
    one = replica(TREE)
    one.seed()
    write_tree(one.shared, {"plugins/p/code": "person", "plugins/new/new.php": PLUGIN.format("3")})
    assert messages(one.run("extensions", "bump").stderr) == ["extensions: generation 2"]
    assert messages(one.run("extensions", "bump").stderr) == ["extensions: nothing has changed since generation 2"]
    one.seed()
    assert read_tree(one.current) == {**TREE, "plugins/p/code": "person", "plugins/new/new.php": PLUGIN.format("3")}


def test_the_volume_can_be_brought_up_apart_from_the_copy(replica: MakeReplica) -> None:
    """A job that serves nobody needs no copy of its own."""
    one = replica(TREE)
    assert one.run("extensions", "upgrade").returncode == 0
    assert read_tree(one.shared) == TREE
    assert not one.cache.exists()


def test_an_unknown_command_lists_the_known_ones(replica: MakeReplica) -> None:
    """A misspelt command does nothing but say which there are."""
    one = replica(TREE)
    done = one.run("extensions", "upgrad")
    assert done.returncode == 1
    assert "got upgrad; allowed: seed, upgrade, materialise, bump, promote, status" in done.stderr
    assert not one.shared.exists()


def test_names_may_be_in_any_encoding(replica: MakeReplica) -> None:
    """What a person unpacks may have names that are no UTF-8, and numbers for names."""
    one = replica({**TREE, "plugins/1/2": "number"})
    one.seed()
    (one.shared / "plugins/p" / os.fsdecode(b"caf\xe9")).write_text("person")
    assert one.run("extensions", "bump").returncode == 0
    assert one.run("extensions", "materialise").returncode == 0
    assert read_tree(one.current) == read_tree(one.shared)
    replica({**TREE, "plugins/1/3": "number"}).seed()
    assert sorted(read_tree(one.shared)) == ["plugins/1/3", "plugins/p/" + os.fsdecode(b"caf\xe9"), *sorted(TREE)]


def test_a_change_that_was_not_bumped_is_told_of(replica: MakeReplica) -> None:
    """A replica that must read a file from the volume finds it other than it was published."""
    one = replica(TREE)
    one.seed()
    write_tree(one.shared, {"plugins/p/code": "person", "plugins/p/more": "person"})
    one.run("extensions", "bump")
    write_tree(one.shared, {"plugins/p/code": "again"})
    (one.shared / "plugins/p/more").unlink()
    assert "2 files changed since they were published; run extensions bump" in one.seed()


def test_replicas_of_different_images_run_the_same_generation(replica: MakeReplica) -> None:
    """The volume says what runs, not the image."""
    old, new = replica(TREE, "old"), replica({**TREE, "plugins/p/code": "two"}, "new")
    old.seed()
    new.seed()
    old.run("extensions", "materialise")
    assert read_tree(old.current) == read_tree(new.current) == {**TREE, "plugins/p/code": "two"}


def test_the_last_two_generations_are_kept(replica: MakeReplica) -> None:
    """Requests in flight may still read the one before."""
    one = replica(TREE)
    one.seed()
    for text in ("two", "three", "four"):
        write_tree(one.shared, {"plugins/p/code": text})
        one.run("extensions", "bump")
        one.run("extensions", "materialise")
    assert sorted(path.name for path in one.cache.iterdir()) == ["3", "4", "current"]
    assert one.current.readlink() == Path("4")


def test_a_copy_that_was_cut_off_is_never_taken_for_whole(replica: MakeReplica) -> None:
    """What a killed copy left behind is swept, and the copy made anew."""
    one = replica(TREE)
    write_tree(one.cache / ".new.0123", {"plugins/p/code": "half"})
    one.seed()
    assert sorted(path.name for path in one.cache.iterdir()) == ["1", "current"]
    assert read_tree(one.current) == TREE


def test_the_follower_reloads_php_for_a_new_generation(
    replica: MakeReplica, fpm: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    """It copies within seconds, tells PHP-FPM once, and leaves it alone when nothing changed."""
    one, other = replica(TREE), replica(TREE, "other")
    one.seed()
    other.seed()
    (one.home / "php-fpm.pid").write_text(str(fpm.pid))
    with _following(one):
        time.sleep(1)
        write_tree(one.shared, {"plugins/p/code": "two"})
        other.run("extensions", "bump")
        _eventually(lambda: "reload" in (tmp_path / "reloads").read_text(), "PHP-FPM is told")
        assert read_tree(one.current) == {**TREE, "plugins/p/code": "two"}
        time.sleep(1)
    assert (tmp_path / "reloads").read_text().splitlines() == ["ready", "reload"]


def test_kept_pages_are_forgotten_after_the_reload(replica: MakeReplica, fpm: subprocess.Popen[bytes]) -> None:
    """Pages that the former generation made go once PHP-FPM has started anew; one that is being written stays."""
    one = replica(TREE)
    one.seed()
    number = one.home / "php-fpm.pid"
    number.write_text(str(fpm.pid))
    pages = one.home / "cache/pages"
    write_tree(
        pages, {"a/bc/0123456789abcdef0123456789abcabc": "old", "a/bc/0123456789abcdef0123456789abcabc.0001": ""}
    )
    with _following(one):
        write_tree(one.shared, {"plugins/p/code": "two"})
        one.run("extensions", "bump")
        _eventually((one.home / "reloading").exists, "PHP-FPM is told")
        time.sleep(0.5)
        assert len(list(pages.glob("a/bc/*"))) == 2
        number.write_text(str(fpm.pid))
        _eventually(lambda: len(list(pages.glob("a/bc/*"))) == 1, "the page is forgotten")
    assert [path.suffix for path in pages.glob("a/bc/*")] == [".0001"]


def test_the_follower_goes_on_after_a_failure(replica: MakeReplica) -> None:
    """A generation that cannot be copied leaves the present one in place and is tried again."""
    one = replica(TREE)
    one.seed()
    write_tree(one.shared, {"plugins/p/code": "two"})
    one.run("extensions", "bump")
    ledger = next(one.shared.glob(".berth-ledger-*"), None)
    ledgers = {path: path.read_bytes() for path in one.shared.glob(".berth-ledger-*")}
    for path in ledgers:
        path.write_bytes(b"damaged")
    assert ledger
    with _following(one):
        time.sleep(1)
        assert read_tree(one.current) == TREE
        for path, content in ledgers.items():
            path.write_bytes(content)
        _eventually(lambda: read_tree(one.current)["plugins/p/code"] == "two", "the copy is made")


def test_the_follower_stops_at_once(replica: MakeReplica) -> None:
    """It does not hold up the end of a container."""
    one = replica(TREE)
    one.seed()
    with _following(one) as follower:
        time.sleep(0.5)
        follower.terminate()
        assert follower.wait(5) == 0


def test_a_damaged_state_is_one_clear_error(replica: MakeReplica) -> None:
    """It says what to do, and doing it loses nothing of a person's."""
    one = replica(TREE)
    one.seed()
    write_tree(one.shared, {"plugins/p/code": "person"})
    (one.shared / ".berth").write_text("{}")
    done = one.run("seed-extensions")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert f"{one.shared}/.berth is damaged; remove " in done.stderr
    (one.shared / ".berth").unlink()
    one.seed()
    assert read_tree(one.shared) == {**TREE, "plugins/p/code": "person"}


def test_a_lock_of_another_ends_at_the_deadline(replica: MakeReplica) -> None:
    """A container that holds the lock for ever is told of after the deadline."""
    one = replica(TREE)
    one.seed()
    lock = one.shared / ".berth"
    with subprocess.Popen(["flock", lock, "sleep", "30"]) as holder:
        _eventually(lambda: subprocess.run(["flock", "-n", lock, "true"], check=False).returncode == 1, "locked")
        done = one.run("seed-extensions", EXTENSIONS_WAIT_SECONDS="1")
        holder.kill()
    assert done.returncode == 1
    assert f"another container holds {lock}; gave up after 1 s" in done.stderr
