import json
from pathlib import Path

import pytest
import yaml

from modules.kubernetes_settings import AnyKubernetesSite, KubernetesConfig, OnKubernetes, Server
from modules.settings_file import FOLDER, SettingsError, kubernetes_environment, load

HEAD = "environment: test\nkubernetes: {registry: registry.example.org}\n"
WIKI = "{host: wiki.example.org}"


def refusal(folder: Path, text: str) -> list[str]:
    """Return the problems that `text` is refused with."""
    (folder / "test.yaml").write_text(text)
    with pytest.raises(SettingsError) as refused:
        kubernetes_environment("test", folder=folder)
    return [line.removeprefix(f"{folder}/test.yaml: ") for line in str(refused.value).splitlines()]


def _plain(**site: object) -> KubernetesConfig:
    needed = {"host": "wiki.example.org", **site}
    block = {"registry": "registry.example.org/berth"}
    return KubernetesConfig.model_validate({"environment": "home", "kubernetes": block, "sites": {"wiki": needed}})


def test_home_shows_every_setting_of_the_platform_with_its_default() -> None:
    """The example names every key that Kubernetes adds, and the cluster's, with the default it would have anyway."""
    given = yaml.safe_load((FOLDER / "home.yaml").read_text())
    site = given["sites"]["wiki"]
    assert set(site) == {"app", "host", "scaling", *OnKubernetes.model_fields}
    assert set(site["database"]["server"]) == set(Server.model_fields)
    # the one that is shown with another value, as it is what most will write
    assert site.pop("ingress")["tls_secret"]
    assert kubernetes_environment("home").model_copy(update={"sites": {}}) == _plain().model_copy(update={"sites": {}})
    shown = KubernetesConfig.model_validate(given)
    assert _spelt_out(shown.sites["wiki"]) == _spelt_out(_plain().sites["wiki"])


def _spelt_out(site: AnyKubernetesSite) -> dict[str, object]:
    """Return the settings as data; without a word about a database there is a server with its defaults."""
    found: dict[str, object] = json.loads(site.model_dump_json())
    if found["database"] == {"server": None, "external": None}:
        found["database"] = {"server": json.loads(Server().model_dump_json()), "external": None}
    return found


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        (
            "{wiki: {host: a.org, database: {instance_class: db.t4g.small}}}",
            "sites/wiki/database/instance_class: unknown key",
        ),
        ("{wiki: {host: a.org, certificate_arn: x}}", "sites/wiki/certificate_arn: unknown key"),
        ("{wiki: {host: a.org}, other: {host: a.org}}", "sites/other/host: is the one of site 'wiki' too"),
        ("{wiki: {host: a.org, files: {mode: extensions}}}", "sites/wiki/files/mode: nothing is installed from within"),
        ("{wiki: {host: a.org}, wiki-db: {host: b.org}}", "sites/wiki-db: is the name of wiki's database server"),
        ("{wiki: {host: a.org, service: {node_port: 30080}}}", "sites/wiki/service: is not allowed"),
        ("{wiki: {host: a.org, ingress: {}, gateway: {name: g}}}", "sites/wiki: is not allowed"),
        (
            "{wiki: {host: a.org, database: {server: {}, external: {host: d, admin_secret: s}}}}",
            "sites/wiki/database: is not allowed",
        ),
        ("{wiki: {host: a.org, service: {type: NodePort, node_port: 80}}}", "sites/wiki/service/node_port: is not"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, sites: str, expected: str) -> None:
    """One clear line each: what is AWS's alone, and what excludes each other."""
    [line] = refusal(tmp_path, f"{HEAD}sites: {sites}\n")
    assert line.startswith(expected)
    assert ", got " in line


def test_each_command_names_the_other_kind_of_environment(tmp_path: Path) -> None:
    """Who takes the wrong command is told, not shown a dozen unknown keys."""
    (tmp_path / "test.yaml").write_text(HEAD)
    with pytest.raises(SettingsError, match="kubernetes: only `make export` works with a cluster so far"):
        load(tmp_path / "test.yaml")
    assert refusal(tmp_path, "environment: test\nstate: {bucket: berth-test}\n") == [
        "kubernetes: is missing, got nothing; add it, environments/home.yaml shows how"
    ]
