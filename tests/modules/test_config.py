import json
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
import yaml

from modules import schema
from modules.config import Config
from modules.settings import Settings
from modules.settings_file import SettingsError, environment, kubernetes_environment, load
from modules.site_image import site_image
from modules.site_settings import MediaWikiSite, WordPressSite

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENTS = ROOT / "environments"
SETTINGS = sorted(ENVIRONMENTS.glob("*.yaml"))


def _on_kubernetes(path: Path) -> bool:
    return "kubernetes" in yaml.safe_load(path.read_text())


def write(folder: Path, text: str) -> Path:
    """Write settings called `test` into `folder`."""
    path = folder / "test.yaml"
    path.write_text("environment: test\nstate: {bucket: berth-test}\n" + text)
    return path


def refusal(folder: Path, text: str) -> list[str]:
    """Return the problems that `text` is refused with."""
    with pytest.raises(SettingsError) as refused:
        load(write(folder, text))
    return str(refused.value).splitlines()


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: path.stem)
def test_committed_settings_load(path: Path) -> None:
    """Every environment in the repository is valid."""
    found = kubernetes_environment(path.stem) if _on_kubernetes(path) else load(path)
    assert found.environment == path.stem


def _keys(value: object, prefix: str = "") -> set[str]:
    if not isinstance(value, dict):
        return set()
    return {f"{prefix}{key}" for key in value} | {
        inner for key, item in value.items() for inner in _keys(item, f"{prefix}{key}/")
    }


def test_production_shows_every_setting_with_its_default() -> None:
    """The production file names every key there is, with the default it would have anyway; its blog what blogs add."""
    given = yaml.safe_load((ENVIRONMENTS / "production.yaml").read_text())
    blog = given["sites"].pop("blog")
    full = json.loads(load(ENVIRONMENTS / "production.yaml").model_dump_json())
    full["sites"].pop("blog")
    assert _keys(given) == _keys(full)
    needed = {"environment": "production", "state": {"bucket": given["state"]["bucket"]}}
    plain = Config.model_validate(needed | {"sites": {"wiki": {"host": given["sites"]["wiki"]["host"]}}})
    assert json.loads(plain.model_dump_json()) == full
    own = set(WordPressSite.model_fields) - set(MediaWikiSite.model_fields)
    assert own <= set(blog)
    optional = [key for key in own if not WordPressSite.model_fields[key].is_required()]
    assert {key: blog[key] or None for key in optional} == {
        key: WordPressSite.model_fields[key].default or None for key in optional
    }


def test_every_setting_of_production_has_a_comment() -> None:
    """Above each key of the production file, or above the pair it belongs to, stands a comment."""
    lines = (ENVIRONMENTS / "production.yaml").read_text().splitlines()
    bare = []
    for before, line in pairwise(lines):
        starts_block = line.endswith(":") and not line.startswith("    ")
        follows = before.lstrip().startswith("#") or (line[:1] == " " and ":" in before and not before.endswith(":"))
        if line.strip() and not line.lstrip().startswith("#") and not starts_block and not follows:
            bare.append(line)
    assert [line for line in bare if not line.rstrip().endswith(":")] == []


def _blocks(model: type[Settings]) -> list[type[Settings]]:
    return [block for child in model.__subclasses__() for block in (child, *_blocks(child))]


def test_every_setting_is_described_in_the_schema() -> None:
    """Each field of each block carries a description for editors."""
    blocks = _blocks(Settings)
    assert Config in blocks
    missing = [
        f"{m.__name__}.{name}" for m in blocks for name, field in m.model_fields.items() if not field.description
    ]
    assert missing == []


@pytest.mark.parametrize("name", schema.SCHEMAS)
def test_schema_is_current(name: str) -> None:
    """The committed JSON Schemas are those that the code makes."""
    assert (ENVIRONMENTS / name).read_text() == schema.text(name), "run: python -m modules.schema"


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: path.stem)
def test_committed_settings_fit_the_schema(path: Path) -> None:
    """What editors check with the schema agrees with what Berth accepts."""
    name = "schema-kubernetes.json" if _on_kubernetes(path) else "schema.json"
    assert path.read_text().startswith(f"# yaml-language-server: $schema={name}\n")
    validator = jsonschema.Draft202012Validator(json.loads((ENVIRONMENTS / name).read_text()))
    settings = yaml.safe_load(path.read_text())
    assert list(validator.iter_errors(settings)) == []
    assert list(validator.iter_errors(settings | {"colour": "red"}))


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Field errors and cross-block errors of one file come in one message, each by the recipe."""
    lines = refusal(
        tmp_path,
        "colour: red\n"
        "network: {cidr: 8.8.0.0/16, zones: 9}\n"
        "sites:\n"
        "  a: {host: wiki.example.org, cpu: 512, memory_mib: 512}\n"
        "  b: {host: wiki.example.org, php_workers: many}\n",
    )
    paths = [line.split(": ")[1] for line in lines]
    expected = ["network/cidr", "network/zones", "sites/b/php_workers", "colour", "sites/b/host", "sites/a/memory_mib"]
    assert sorted(paths) == sorted(expected)
    assert all(line.startswith(f"{tmp_path}/test.yaml: ") and ", got " in line and "; " in line for line in lines)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sites: {Wiki: {host: a.org}}", "sites/Wiki"),
        ("sites: {a-name-that-is-too-long: {host: a.org}}", "sites/a-name-that-is-too-long"),
        ("sites: {wiki: {}}", "sites/wiki/host"),
        ("sites: {wiki: {host: 'no host'}}", "sites/wiki/host"),
        ("sites: {wiki: {host: a.org, scaling: {min: 3, max: 2}}}", "sites/wiki/scaling"),
        ("sites: {wiki: {host: a.org, database: {engine: mysql}}}", "sites/wiki/database"),
        ("sites: {wiki: {host: a.org, database: {storage_gib: 200}}}", "sites/wiki/database"),
        ("sites: {wiki: {host: a.org, log_retention_days: 8}}", "sites/wiki/log_retention_days"),
        ("sites: {wiki: {host: a.org, certificate_arn: 'arn:aws:acm:x'}}", "sites/wiki/certificate_arn"),
        ("sites: {a: {host: a.org, rule_priority: 7}, b: {host: b.org, rule_priority: 7}}", "sites/b/rule_priority"),
        ("network: {nat: none}", "network/nat"),
        ("network: {cidr: 10.0.0.0/24}", "network/cidr"),
        ("network: {cidr: 10.0.0.1/16}", "network/cidr"),
        ("embedded_cloud: {port: 4566}\nload_balancer: {http_port: 4566}", "load_balancer/http_port"),
        ("cluster: {instances: {min: 5, max: 2}}", "cluster/instances"),
        ("cluster: {platform: nomad}", "cluster/platform"),
    ],
)
def test_impossible_settings_are_refused(tmp_path: Path, text: str, path: str) -> None:
    """One wrong setting gives one problem, at its key path."""
    (line,) = refusal(tmp_path, text)
    assert line.split(": ")[1] == path


def test_key_given_twice_is_refused(tmp_path: Path) -> None:
    """YAML would silently keep the last of two equal keys; Berth does not."""
    (line,) = refusal(tmp_path, "region: us-east-1\nregion: eu-west-1\n")
    assert "'region' is given twice" in line


def test_unknown_environment_names_those_there_are() -> None:
    """A wrong ENV says which would be right."""
    with pytest.raises(SettingsError, match="no such environment, got 'nowhere'; allowed: home, local, production"):
        environment("nowhere")


def test_file_name_must_be_the_environment(tmp_path: Path) -> None:
    """A copied file whose `environment` was not changed is refused before it touches the other's state."""
    path = tmp_path / "staging.yaml"
    path.write_text("environment: production\nstate: {bucket: berth-test}\n")
    with pytest.raises(SettingsError, match="environment: differs from the file's name, got 'production'"):
        load(path)


def test_port_override_moves_the_load_balancer_too() -> None:
    """A second copy on another port gets its own HTTP port."""
    assert environment("local", port=5566).http_port == 5567


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (
            "{app: drupal, host: a.example}",
            "sites/blog/app: is not allowed, got 'drupal'; allowed: mediawiki, wordpress",
        ),
        ("{app: wordpress, host: a.example}", "sites/blog/admin_email: is missing, got 'nothing'; add it"),
        ("{host: a.example, admin_email: a@b}", "sites/blog/admin_email: unknown key, got 'a@b'; remove it"),
        ("5", "sites/blog: is not allowed, got 5; allowed: a mapping"),
    ],
)
def test_each_application_has_keys_of_its_own(tmp_path: Path, site: str, expected: str) -> None:
    """A site's keys are its application's; the path in the message is the one in the file."""
    (found,) = refusal(tmp_path, f"sites: {{blog: {site}}}\n")
    assert f"test.yaml: {expected}" in found


def test_a_wiki_may_bring_what_the_release_has_not(tmp_path: Path) -> None:
    """Bundled names and downloads stand in one list; a download without a checksum is refused."""
    good = "{name: Own, url: 'https://a.example/own.tar.gz', sha256: " + "a" * 64 + "}"
    (site,) = load(
        write(tmp_path, f"sites: {{wiki: {{host: a.example, extensions: [Cite, {good}]}}}}\n")
    ).sites.values()
    image = site_image(site)
    assert image.site["extensions"] == ["Cite", "Own"]
    assert [download["folder"] for download in image.site["downloads"]] == ["extensions/Own"]
    bad = "{name: Own, url: 'https://a.example/own.tar.gz'}"
    found = refusal(tmp_path, f"sites: {{wiki: {{host: a.example, extensions: [{bad}]}}}}\n")
    assert found == [f"{tmp_path}/test.yaml: sites/wiki/extensions/0/sha256: is missing, got 'nothing'; add it"]


def test_a_network_of_blogs_has_its_addresses_in_the_database(tmp_path: Path) -> None:
    """With multisite the address can come from nowhere else than the settings."""
    blog = "{app: wordpress, host: a.example.org, admin_email: a@example.org, multisite: subdomain, server: forwarded}"
    (line,) = refusal(tmp_path, f"sites:\n  blog: {blog}\n")
    assert "sites/blog/server: a network of blogs has its addresses in the database, got 'forwarded'; " in line


def test_settings_of_mail_are_named_as_in_the_file(tmp_path: Path) -> None:
    """A wrong sender is told by the key that the file has for it."""
    (line,) = refusal(tmp_path, "sites:\n  a: {host: a.example.org, mail: {host: smtp.example.org, from: nobody}}\n")
    assert "sites/a/mail/from: is not allowed, got 'nobody'; " in line


def test_questions_bring_their_extensions_into_the_image() -> None:
    """Only a wiki that asks has what asks."""
    asking = {"host": "a.example.org", "captcha": [{"question": "Colour of snow?", "answer": "white"}]}
    found = [site_image(MediaWikiSite.model_validate(site)).site["extensions"] for site in ({"host": "a.x"}, asking)]
    assert [[name for name in names if "Captcha" in name or name == "ConfirmEdit"] for names in found] == [
        [],
        ["ConfirmEdit", "ConfirmEdit/QuestyCaptcha"],
    ]


def test_features_bring_what_they_need_into_the_image(tmp_path: Path) -> None:
    """Pages of PDF files need an extension, drawings none; what there is no feature for is refused."""
    wiki = MediaWikiSite.model_validate({"host": "a.x", "features": ["svg", "pdf"], "extensions": ["Cite"]})
    image = site_image(wiki)
    assert (image.site["features"], image.site["extensions"]) == (["pdf", "svg"], ["Cite", "PdfHandler"])
    (line,) = refusal(tmp_path, "sites: {wiki: {host: a.x, features: [djvu]}}\n")
    assert "sites/wiki/features/0" in line
    assert "'svg' or 'pdf'" in line


@pytest.mark.parametrize("site", [{"app": "mediawiki"}, {"app": "wordpress", "admin_email": "a@a.x"}])
def test_composer_packages_go_into_the_image(tmp_path: Path, site: dict[str, str]) -> None:
    """Packages, checksum and repositories arrive as they are written; the repository is packagist.org's by default."""
    packages = {"packages": {"monolog/monolog": "3.9.0"}, "sha256": "0" * 64}
    text = f"sites: {json.dumps({'one': {'host': 'a.x', 'composer': packages} | site})}\n"
    (loaded,) = load(write(tmp_path, text)).sites.values()
    assert site_image(loaded).site["composer"] == packages | {"repositories": ["https://repo.packagist.org"]}


def test_composer_packages_are_locked(tmp_path: Path) -> None:
    """A range of versions and a missing checksum are refused."""
    lines = refusal(tmp_path, "sites: {wiki: {host: a.x, composer: {packages: {a/b: ^1.0}}}}\n")
    assert [line.split(": ")[1] for line in lines] == [
        "sites/wiki/composer/packages/a/b",
        "sites/wiki/composer/sha256",
    ]
