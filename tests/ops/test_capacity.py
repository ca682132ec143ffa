import pytest

from ops import capacity
from ops.place import PROJECT
from tests.conftest import make_config


def _wiki(**changes: object) -> dict[str, object]:
    return {"host": "wiki.example.org", **changes}


@pytest.mark.parametrize(
    ("engine", "instance_class", "expected"),
    [
        ("mariadb", "db.t4g.micro", 42),
        ("mariadb", "db.t4g.small", 85),
        ("mysql", "db.t4g.small", 170),
        ("mariadb", "db.r7g.large", 682),
        ("mariadb", "db.m7g.24xlarge", 12_000),
        ("mariadb", "db.m7g.metal", None),
    ],
)
def test_connections_by_instance_class(engine: str, instance_class: str, expected: int | None) -> None:
    """RDS's own formula; a size that is not known is not judged."""
    assert capacity.max_connections(engine, instance_class) == expected


def test_workers_that_exceed_the_connections() -> None:
    """The message has file, key path, values and remedy."""
    config = make_config(sites={"wiki": _wiki(scaling={"max": 20}, database={"instance_class": "db.t4g.micro"})})
    (found,) = capacity.problems(config)
    assert found == (
        "environments/test.yaml: sites/wiki/php_workers: 20 tasks of 6 PHP workers may open 120 connections, "
        "db.t4g.micro allows 42; lower php_workers or scaling/max, or take a larger database/instance_class"
    )


def test_workers_of_wp_admin_count() -> None:
    """Where people install plugins, each task has as many more workers as its image says."""
    pool = (PROJECT / "entrypoint/apps/wordpress/admin-pool.conf").read_text()
    assert f"\npm.max_children = {capacity.ADMIN_WORKERS}\n" in pool
    blog = {"app": "wordpress", "host": "blog.example.org", "admin_email": "a@example.org"}
    small = {"scaling": {"max": 7}, "php_workers": 6, "database": {"instance_class": "db.t4g.micro"}}
    assert list(capacity.problems(make_config(sites={"blog": blog | small}))) == []
    (found,) = capacity.problems(make_config(sites={"blog": blog | small | {"files": {"mode": "extensions"}}}))
    assert "7 tasks of 9 PHP workers may open 63 connections" in found


def test_the_defaults_fit() -> None:
    """Settings that say nothing of sizes need no correction."""
    assert list(capacity.problems(make_config())) == []


@pytest.mark.parametrize(
    ("kind", "architecture", "fits"),
    [
        ("t3.small", "x86_64", True),
        ("t4g.small", "arm64", True),
        ("c7gn.large", "arm64", True),
        ("a1.large", "arm64", True),
        ("g5.xlarge", "x86_64", True),
        ("t4g.small", "x86_64", False),
        ("m5.large", "arm64", False),
    ],
)
def test_instances_have_the_cluster_s_processor(kind: str, architecture: str, fits: bool) -> None:
    """An ARM image on an Intel instance would never start."""
    config = make_config(cluster={"platform": "ecs", "architecture": architecture, "instances": {"type": kind}})
    found = list(capacity.problems(config))
    assert (found == []) is fits
    assert all(f"got '{kind}'; let both be one" in problem for problem in found)
