from pathlib import Path
from typing import Any

import pytest

from modules.apps import mediawiki
from ops import create_all, delivery, graph, images, registry, state, version
from ops.content import content_hash
from ops.delivery import Delivery
from ops.errors import OpsError
from ops.place import Place
from ops.preparation import NO_IMAGE
from ops.synth import Stack
from ops.timing import Clock, Span
from ops.view import View
from tests.conftest import make_config
from tests.ops.fakes import DIGEST, REPOSITORY

SITES = {
    "wiki": {"host": "wiki.example.org"},
    "docs": {"host": "docs.example.org", "extensions": ["Cite"]},
    "help": {"host": "help.example.org"},
}
NEEDS = {
    "registry": set(),
    "base": set(),
    "cluster": {"base"},
    "data-wiki": {"base"},
    "jobs-wiki": {"data-wiki", "cluster", "registry", "base"},
    "site-wiki": {"jobs-wiki", "cluster", "data-wiki", "registry", "base"},
}
STACKS = {name: Stack(name, Path(name), frozenset(needs)) for name, needs in NEEDS.items()}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Tags that the registry holds, with their digests; building and pushing is done on paper."""
    tags: dict[str, str] = {}

    def push(_: Place, uri: str, reference: str, __: object) -> str:
        assert uri == REPOSITORY
        tags[reference.partition(":")[2]] = DIGEST
        return DIGEST

    monkeypatch.setattr(images, "base", lambda _, __: "berth/base:1")
    monkeypatch.setattr(images, "build", lambda _, recipe, __: recipe.reference)
    monkeypatch.setattr(registry, "digest", lambda _, __, tag: tags.get(tag))
    monkeypatch.setattr(registry, "push", push)
    monkeypatch.setattr(state, "outputs", lambda _, __: {"repository_urls": {"mediawiki": REPOSITORY}})
    return tags


def _delivery(folder: Path, sites: dict[str, Any], *, containers: bool = True) -> Delivery:
    place = Place("test", folder, folder / ".berth", make_config(sites=sites))
    return Delivery(place, "v1", STACKS, View("test"), tuple(sites), containers)


PLAIN, CITE = (version.tag("v1", image) for image in (mediawiki.image(), mediawiki.image(extensions=("Cite",))))


def test_one_image_a_set_of_extensions(tmp_path: Path, known: dict[str, str]) -> None:
    """Three sites with two sets of extensions share two images, each known by its digest."""
    work = _delivery(tmp_path, SITES)
    work.build()
    work.push()
    assert set(work.pushed) == {f"berth/mediawiki:{PLAIN}", f"berth/mediawiki:{CITE}"}
    assert set(work.pushed.values()) == {f"{REPOSITORY}@{DIGEST}"}
    assert set(known) == {PLAIN, CITE}


def test_a_version_that_exists_is_neither_built_nor_pushed(
    tmp_path: Path, known: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags are immutable: what the registry holds under the version is the version."""
    known[PLAIN] = DIGEST
    monkeypatch.setattr(images, "build", lambda *_: pytest.fail("it was built"))
    monkeypatch.setattr(registry, "push", lambda *_: pytest.fail("it was pushed"))
    work = _delivery(tmp_path, {"wiki": SITES["wiki"]})
    work.build()
    work.push()
    assert work.pushed == {f"berth/mediawiki:{PLAIN}": f"{REPOSITORY}@{DIGEST}"}


def test_a_release_goes_to_the_sites_of_its_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make wordpress` touches the blogs alone, and says so where there is none."""
    monkeypatch.setattr(images, "daemon", lambda: None)
    blog = {"app": "wordpress", "host": "blog.example.org", "admin_email": "a@example.org"}
    config = make_config(sites=SITES | {"blog": blog})
    place = Place("test", tmp_path, tmp_path / ".berth", config)
    assert Delivery.of(place, "v1", STACKS, View("test"), "wordpress").sites == ("blog",)
    assert Delivery.of(place, "v1", STACKS, View("test"), "mediawiki").sites == tuple(SITES)
    with pytest.raises(OpsError, match="sites: none has the application wordpress; add one"):
        _delivery(tmp_path, {}).require_sites("wordpress")


def test_without_docker_sites_get_no_image(
    tmp_path: Path, known: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A digest that is none keeps every stack appliable."""
    monkeypatch.setattr(images, "build", lambda *_: pytest.fail("it was built"))
    work = _delivery(tmp_path, {"wiki": SITES["wiki"]}, containers=False)
    work.build()
    work.push()
    assert work.pushed == {f"berth/mediawiki:{PLAIN}": f"{REPOSITORY}@{NO_IMAGE}"}
    assert known == {}


def test_a_release_needs_docker_when_asked_for(tmp_path: Path) -> None:
    """`make mediawiki` without Docker is one clear error, not half a release."""
    with pytest.raises(OpsError, match="no Docker daemon answers, so no image can be built; run make setup"):
        _delivery(tmp_path, SITES, containers=False).require_containers()


@pytest.mark.parametrize("wanted", ["", "v2"])
def test_the_version_is_the_one_given_or_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    """An empty VERSION means the files as they are."""
    monkeypatch.setattr(images, "daemon", lambda: None)
    place = Place("test", tmp_path, tmp_path / ".berth", make_config())
    found = Delivery.of(place, wanted, STACKS, View("test"))
    assert found.version == (wanted or content_hash(tmp_path, delivery.version.INPUTS))


def test_the_steps_of_create_all(tmp_path: Path) -> None:
    """Images are built beside the stacks; a release waits for its database, the cluster and the pushed image."""
    steps = create_all.steps(_delivery(tmp_path, {"wiki": SITES["wiki"]}))
    assert {step.name: set(step.needs) for step in steps} == {
        "image": set(),
        "push": {"image", "registry"},
        "registry": set(),
        "base": set(),
        "cluster": {"base"},
        "data-wiki": {"base"},
        "release-wiki": {"cluster", "data-wiki", "push"},
    }


def test_a_failing_stack_does_not_stop_the_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not need the failed step is finished, so that the next run has less to do."""
    ran: list[str] = []

    def apply(_: Place, stack: Stack, __: View) -> None:
        ran.append(stack.name)
        if stack.name == "base":
            raise OpsError("base: no VPC left")

    monkeypatch.setattr(create_all.apply, "stack_step", apply)
    work = _delivery(tmp_path, {"wiki": SITES["wiki"]})
    monkeypatch.setattr(work, "build", lambda: ran.append("image"))
    monkeypatch.setattr(work, "push", lambda: ran.append("push"))
    with pytest.raises(OpsError, match="base: no VPC left"), View("test") as view:
        graph.run(create_all.steps(work), view)
    assert sorted(ran) == ["base", "image", "push", "registry"]


def test_a_database_gets_its_secrets_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that needs them starts before they have values."""
    ran: list[str] = []
    monkeypatch.setattr(create_all.apply, "stack_step", lambda _, stack, __: ran.append(stack.name))
    monkeypatch.setattr(create_all.secrets, "ensure", lambda _, site: ran.append(f"secrets of {site}"))
    create_all._apply(_delivery(tmp_path, SITES), STACKS["data-wiki"])
    assert ran == ["data-wiki", "secrets of wiki"]


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        (True, "wiki: http://w (version v1)\n  administrator and password: make password ENV=test SITE=wiki\n"),
        (False, "wiki: applied but not started, no Docker daemon answers; its address will be http://w\n"),
    ],
)
def test_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, containers: bool, expected: str) -> None:
    """URL, the command that shows the password but not the password, and where the time went."""
    monkeypatch.setattr(state, "outputs", lambda _, __: {"url": "http://w"})
    clock = Clock(needs={"base": frozenset()}, spans={"base": Span("base", 0, 12.4)})
    found = create_all.summary(_delivery(tmp_path, {"wiki": SITES["wiki"]}, containers=containers), clock)
    assert found == f"{expected}took 0 s; longest chain: base 12 s"
