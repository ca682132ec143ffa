from pathlib import Path

from setup import daemon


def note(run: Path, name: str, pid: str) -> Path:
    """Write down a process as a daemon does."""
    path = run / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{pid}\n")
    return path


def test_notes_of_dead_daemons_are_dropped(tmp_path: Path) -> None:
    """A number that belongs to nobody, or to another program by now, does not keep Docker from starting."""
    (tmp_path / "proc/7").mkdir(parents=True)
    (tmp_path / "proc/7/comm").write_text("bash\n")
    reused = note(tmp_path, "docker.pid", "7")
    gone = note(tmp_path, "docker/containerd/containerd.pid", "8")
    daemon.forget_dead(tmp_path, tmp_path / "proc")
    assert not reused.exists()
    assert not gone.exists()


def test_the_note_of_a_living_daemon_stays(tmp_path: Path) -> None:
    """A daemon that is there, though it does not answer yet, is left alone."""
    (tmp_path / "proc/7").mkdir(parents=True)
    (tmp_path / "proc/7/comm").write_text("dockerd\n")
    living = note(tmp_path, "docker.pid", "7")
    daemon.forget_dead(tmp_path, tmp_path / "proc")
    assert living.exists()
