import stat
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from modules.kubernetes_settings import KubernetesConfig
from ops import export, images, registry, signature
from ops.errors import OpsError
from ops.kubernetes_place import KubernetesPlace
from ops.place import PROJECT
from tests.ops.fakes import DIGEST

SITES: dict[str, Any] = {
    "wiki": {"host": "wiki.example.org", "ingress": {"class_name": "nginx", "tls_secret": "wiki-tls"}},
    "blog": {"app": "wordpress", "host": "blog.example.org", "admin_email": "a@example.org"},
}


def _place(folder: Path, **sites: Any) -> KubernetesPlace:
    block = {"registry": "registry.example.org/berth", "callers": ["ingress"]}
    data = {"environment": "home", "kubernetes": block, "sites": sites or SITES}
    return KubernetesPlace("home", PROJECT, folder / ".berth", KubernetesConfig.model_validate(data))


def _export(folder: Path, place: KubernetesPlace | None = None) -> list[str]:
    written = export.export(place or _place(folder), "1.0", folder / "out", print, build=False)
    return [path.name for path in written]


def _objects(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text()))


def _one(found: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    [one] = [each for each in found if each["kind"] == kind]
    return one


def test_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    """The namespace, then the Secrets, then the sites: kubectl applies a folder in this order."""
    assert _export(tmp_path) == ["00-cluster.yaml", "10-secrets.yaml", "20-blog.yaml", "20-wiki.yaml"]


def test_what_is_written_is_what_kubernetes_knows(tmp_path: Path) -> None:
    """Every object validates after its way through YAML, and all but the cluster's are in one namespace."""
    _export(tmp_path)
    for path in (tmp_path / "out").iterdir():
        for each in _objects(path):
            kubernetes_validate.validate(each, "1.33", strict=True)
            if path.name != "00-cluster.yaml":
                assert each["metadata"]["namespace"] == "berth-home"


def test_every_secret_that_is_named_is_written(tmp_path: Path) -> None:
    """With the keys that pods look for, and a value under each."""
    _export(tmp_path)
    written = {each["metadata"]["name"]: each["stringData"] for each in _objects(tmp_path / "out/10-secrets.yaml")}
    wanted: dict[str, set[str]] = {}
    for name in ("20-wiki.yaml", "20-blog.yaml"):
        for each in _objects(tmp_path / "out" / name):
            for source in _sources(each):
                wanted.setdefault(source["name"], set()).update(item["key"] for item in source["items"])
    assert set(wanted) <= set(written)
    assert all(written[name].get(key) for name in wanted for key in wanted[name])


def _sources(found: object) -> list[dict[str, Any]]:
    """Find every mounted Secret in an object."""
    if isinstance(found, list):
        return [source for each in found for source in _sources(each)]
    if not isinstance(found, dict):
        return []
    own = [found["secret"]] if "secret" in found and "items" in found["secret"] else []
    named = [{"name": source.get("name") or source["secretName"], "items": source["items"]} for source in own]
    return named + [source for each in found.values() for source in _sources(each)]


def test_values_are_made_up_once(tmp_path: Path) -> None:
    """A second export changes nothing; a site that is added gets values, one that goes takes its file along."""
    _export(tmp_path)
    secrets = tmp_path / "out/10-secrets.yaml"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    before = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    _export(tmp_path)
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == before
    names = _export(tmp_path, _place(tmp_path, wiki=SITES["wiki"], docs={"host": "docs.example.org"}))
    assert names == ["00-cluster.yaml", "10-secrets.yaml", "20-docs.yaml", "20-wiki.yaml"]
    assert not (tmp_path / "out/20-blog.yaml").exists()
    assert (tmp_path / "out/20-wiki.yaml").read_text() == before["20-wiki.yaml"]


def test_a_new_value_replaces_the_pods(tmp_path: Path) -> None:
    """Whoever changes a password in the file and exports again has pods that read it."""
    _export(tmp_path)
    secrets, wiki = tmp_path / "out/10-secrets.yaml", tmp_path / "out/20-wiki.yaml"
    before = _one(_objects(wiki), "Deployment")["spec"]["template"]["metadata"]["annotations"]
    values = _objects(secrets)
    _of(values, "wiki-database")["password"] = "another"
    secrets.write_text(yaml.safe_dump_all(values))
    _export(tmp_path)
    after = _one(_objects(wiki), "Deployment")["spec"]["template"]["metadata"]["annotations"]
    assert [key for key in before if before[key] != after[key]] == ["berth.io/secrets"]


def _of(values: list[dict[str, Any]], name: str) -> dict[str, str]:
    [found] = [each["stringData"] for each in values if each["metadata"]["name"] == name]
    return found


def test_what_only_the_owner_knows_is_asked_for(tmp_path: Path) -> None:
    """All at once, and with a place in the file; when it is written there, the export goes on."""
    mail = {"host": "smtp.example.org", "from": "wiki@example.org"}
    place = _place(tmp_path, wiki=SITES["wiki"] | {"mail": mail, "cache": {"host": "valkey", "password": True}})
    with pytest.raises(OpsError) as caught:
        _export(tmp_path, place)
    secrets = tmp_path / "out/10-secrets.yaml"
    keys = ("wiki-mail/user", "wiki-mail/password", "wiki-cache/password")
    assert str(caught.value).splitlines() == [
        f"{secrets}: {key}: has no value yet, got ''; write it there" for key in keys
    ]
    values = _objects(secrets)
    _of(values, "wiki-mail").update(user="u", password="p")
    _of(values, "wiki-cache").update(password="p")
    secrets.write_text(yaml.safe_dump_all(values))
    _export(tmp_path, place)
    settings = _one(_objects(tmp_path / "out/20-wiki.yaml"), "ConfigMap")["data"]
    assert (settings["SMTP_HOST"], settings["CACHE_HOST"]) == ("smtp.example.org", "valkey")
    assert settings["CACHE_PASSWORD_FILE"] == "/etc/berth/secrets/CACHE_PASSWORD"


def test_an_external_database_has_no_server_here(tmp_path: Path) -> None:
    """Its own name is the host, its administrator's Secret is somebody else's, and pods may connect to it."""
    external = {"host": "db.example.org", "port": 3307, "admin_secret": "db-admin", "authority": "rds"}
    _export(tmp_path, _place(tmp_path, wiki=SITES["wiki"] | {"database": {"external": external}}))
    found = _objects(tmp_path / "out/20-wiki.yaml")
    assert {each["kind"] for each in found}.isdisjoint({"StatefulSet", "CronJob"})
    settings = _one(found, "ConfigMap")["data"]
    assert (settings["DATABASE_HOST"], settings["DATABASE_PORT"]) == ("db.example.org", "3307")
    assert settings["DATABASE_TLS_CA"].endswith("rds-ca.pem")
    assert "db-admin" in (tmp_path / "out/20-wiki.yaml").read_text()
    assert "db-admin" not in (tmp_path / "out/10-secrets.yaml").read_text()
    [policy, *_] = [each for each in found if each["kind"] == "NetworkPolicy"]
    assert {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 3307, "protocol": "TCP"}]} in policy["spec"][
        "egress"
    ]


def test_addresses_of_sites(tmp_path: Path) -> None:
    """HTTPS where the ingress has a certificate, HTTP where nothing says otherwise."""
    _export(tmp_path)
    assert (
        _one(_objects(tmp_path / "out/20-wiki.yaml"), "ConfigMap")["data"]["MEDIAWIKI_SERVER"]
        == "https://wiki.example.org"
    )
    assert (
        _one(_objects(tmp_path / "out/20-blog.yaml"), "ConfigMap")["data"]["WORDPRESS_URL"] == "http://blog.example.org"
    )


def test_a_migration_that_nobody_backs_up_asks_for_no_backup(tmp_path: Path) -> None:
    """It would wait for somebody who never comes."""
    _export(tmp_path)
    [migrate] = [
        each for each in _objects(tmp_path / "out/20-wiki.yaml") if each["metadata"]["name"].startswith("wiki-migrate-")
    ]
    [container] = migrate["spec"]["template"]["spec"]["containers"]
    assert {"name": "MIGRATE_BACKUP", "value": ""} in container["env"]


def test_images_are_built_pushed_and_named_by_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs is what was built, whatever happens to its tag."""
    done: list[str] = []
    monkeypatch.setattr(images, "daemon", object)
    monkeypatch.setattr(images, "base", lambda *_: "berth/base:1")
    monkeypatch.setattr(images, "build", lambda _, recipe, __: done.append("build") or recipe.reference)
    monkeypatch.setattr(
        registry, "transfer", lambda _, reference, uri, login, __: done.append(f"{reference} {uri} {login}") or DIGEST
    )
    monkeypatch.setattr(signature, "sign", lambda _, image, __: done.append(f"sign {image}"))
    place = _place(tmp_path, wiki=SITES["wiki"])
    export.export(place, "1.0", tmp_path / "out", print)
    image = f"registry.example.org/berth/mediawiki@{DIGEST}"
    assert done[0] == "build"
    assert done[1].startswith("berth/mediawiki:1.0-")
    assert done[1].endswith(" registry.example.org/berth/mediawiki None")
    assert done[2:] == [f"sign {image}"]
    [container] = _one(_objects(tmp_path / "out/20-wiki.yaml"), "Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == image


def test_without_a_docker_daemon_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the error says what to do."""
    monkeypatch.setattr(images, "daemon", lambda: None)
    with pytest.raises(OpsError, match="BUILD=0"):
        export.export(_place(tmp_path), "1.0", tmp_path / "out", print)
