import json
import shutil

from tests.entrypoint.extensions.conftest import MakeReplica
from tests.entrypoint.extensions.replicas import PLUGIN, THEME, Tree, read_tree, write_tree


def _plugin(version: str, **files: str) -> Tree:
    return {"plugins/p/p.php": PLUGIN.format(version), **{f"plugins/p/{name}": text for name, text in files.items()}}


def test_an_older_plugin_in_a_new_image_replaces_nothing(replica: MakeReplica) -> None:
    """1.10 is newer than 1.9, by WordPress's own order of versions."""
    replica(_plugin("1.10", code="ten")).seed()
    one = replica(_plugin("1.9", code="nine"))
    assert "plugins/p: kept 1.10, this image has the older 1.9" in one.seed()
    assert read_tree(one.shared) == _plugin("1.10", code="ten")


def test_what_a_person_updated_is_theirs(replica: MakeReplica) -> None:
    """Half of their version and half of the image's would be neither, be the image's older or newer."""
    one = replica(_plugin("1.0", code="one", same="same"))
    one.seed()
    write_tree(one.shared, _plugin("1.5", code="one and a half"))
    for version in ("1.2", "2.0"):
        assert "plugins/p: kept 1.5, installed or updated by a person" in replica(_plugin(version, same="new")).seed()
    assert read_tree(one.current) == _plugin("1.5", code="one and a half", same="same")


def test_what_a_person_installed_is_theirs(replica: MakeReplica) -> None:
    """A plugin of the same name that was there before is neither replaced nor mixed with the image's."""
    one = replica({**_plugin("2.0", more="more"), "themes/t/style.css": THEME.format("1")})
    write_tree(one.shared, _plugin("1.0"))
    assert "plugins/p: kept 1.0, installed or updated by a person" in one.seed()
    assert read_tree(one.current) == {**_plugin("1.0"), "themes/t/style.css": THEME.format("1")}


def test_a_plugin_that_a_person_deleted_stays_deleted(replica: MakeReplica) -> None:
    """Not even the files that a new version adds come back."""
    one = replica(_plugin("1.0"))
    one.seed()
    shutil.rmtree(one.shared / "plugins/p")
    two = replica(_plugin("2.0", new="new"))
    assert "plugins/p: left out, deleted by a person" in two.seed()
    assert read_tree(two.current) == {}


def test_a_plugin_that_the_image_drops_is_removed(replica: MakeReplica) -> None:
    """With its folder, unless a person's files are in it."""
    one = replica({**_plugin("1.0"), "themes/t/style.css": THEME.format("1"), "themes/t/a": "a"})
    one.seed()
    (one.shared / "themes/t/notes").write_text("person")
    two = replica({})
    two.seed()
    assert read_tree(two.current) == {"themes/t/notes": "person"}
    assert not (one.shared / "plugins/p").exists()


def test_other_peoples_plugins_reach_every_replica(replica: MakeReplica) -> None:
    """What was on the volume before Berth came belongs to the first generation."""
    one = replica(_plugin("1.0"))
    write_tree(one.shared, {"plugins/theirs/theirs.php": PLUGIN.format("7")})
    one.seed()
    assert "plugins/theirs/theirs.php" in read_tree(one.current)


def test_an_image_that_was_superseded_changes_nothing(replica: MakeReplica) -> None:
    """During a rollout a container of the old image may start again: it must not undo the new one's work."""
    old, new = replica(_plugin("1.0", code="old")), replica(_plugin("1.0", code="new"), "two")
    old.seed()
    assert "plugins/p: brought up to date 1.0: 1 files written, 0 removed, 0 kept" in new.seed()
    assert old.seed() == ""
    assert read_tree(old.current) == read_tree(new.current) == _plugin("1.0", code="new")


def test_an_image_that_was_superseded_brings_back_what_it_needs(replica: MakeReplica) -> None:
    """After a rollback the old image finds the plugin that the new one had dropped."""
    old, new = replica(_plugin("1.0")), replica({}, "two")
    old.seed()
    new.seed()
    assert "plugins/p: placed 1.0" in old.seed()
    assert read_tree(old.current) == _plugin("1.0")
    assert new.seed() == ""


def test_promote_lets_an_older_image_work_again(replica: MakeReplica) -> None:
    """Settings that go back to an image of before want that image's files."""
    old, new = replica(_plugin("1.0", code="old")), replica(_plugin("1.0", code="new"), "two")
    old.seed()
    new.seed()
    assert old.run("extensions", "promote").returncode == 0
    old.seed()
    assert read_tree(old.current) == _plugin("1.0", code="old")


def test_an_image_with_the_same_extensions_makes_no_generation(replica: MakeReplica) -> None:
    """Replicas need not reload for a new core with the old plugins."""
    one = replica(_plugin("1.0"))
    one.seed()
    two = replica({**_plugin("1.0")})
    (two.image.folder / "extensions.json").write_text(json.dumps(two.image.manifest | {"id": "another"}))
    two.seed()
    assert one.status() == "generation 1, image another"
