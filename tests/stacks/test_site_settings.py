import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Stacks
from tests.stacks.test_network import resources
from tests.stacks.test_site import BLOG, containers, statements

MAIL = {"host": "smtp.example.org", "port": 465, "from": "site@example.org"}
CACHE = {"host": "cache.example.org", "port": 6380}
WIKI = {"host": "wiki.example.org"}
SITES = pytest.mark.parametrize("site", [WIKI, BLOG], ids=["wiki", "blog"])


def _environments(stacks: Stacks) -> dict[str, dict[str, str]]:
    found = containers(stacks).items()
    return {name: {item["name"]: item["value"] for item in job["environment"]} for name, job in found}


def _address(site: dict[str, Any]) -> str:
    return "WORDPRESS_URL" if site is BLOG else "MEDIAWIKI_SERVER"


@SITES
@pytest.mark.parametrize("server", ["forwarded", "metadata"])
def test_the_address_may_come_from_elsewhere(synth: Callable[..., Stacks], site: dict[str, Any], server: str) -> None:
    """Both jobs are told where it comes from; with a proxy's word, what nobody asks for has the host's."""
    jobs = _environments(synth(sites={"wiki": site | {"server": server}}))
    expected = (server, f"http://{site['host']}" if server == "forwarded" else "")
    for job in ("migrate", "serve"):
        assert (jobs[job][_address(site)], jobs[job]["SERVER_FALLBACK"]) == expected


def test_a_wiki_has_what_owners_expect(synth: Callable[..., Stacks]) -> None:
    """Private, logo, kinds of uploads and questions reach the container in the entrypoint's words."""
    asked = {"private": True, "logo": "/images/Logo.svg", "upload_types": ["png", "pdf"]}
    questions = [{"question": 'What is "2 + 2"?', "answer": "4"}, {"question": "Colour of snow?", "answer": "white"}]
    found = _environments(synth(sites={"wiki": WIKI | asked | {"captcha": questions}}))["serve"]
    assert {key: found[f"MEDIAWIKI_{key}"] for key in ("PRIVATE", "LOGO", "UPLOAD_TYPES")} == {
        "PRIVATE": "1",
        "LOGO": "/images/Logo.svg",
        "UPLOAD_TYPES": "png,pdf",
    }
    assert json.loads(found["MEDIAWIKI_CAPTCHA"]) == {'What is "2 + 2"?': "4", "Colour of snow?": "white"}


def test_a_wiki_that_asks_for_nothing(synth: Callable[..., Stacks]) -> None:
    """The defaults are the image's own."""
    found = _environments(synth())["serve"]
    names = ("MEDIAWIKI_PRIVATE", "MEDIAWIKI_LOGO", "MEDIAWIKI_UPLOAD_TYPES", "MEDIAWIKI_CAPTCHA", "SERVER_FALLBACK")
    assert [found[name] for name in names] == ["0", "", "png,gif,jpg,jpeg,webp", "", ""]
    assert not [name for name in found if name.startswith("SMTP")]


@SITES
def test_mail_has_an_empty_secret_and_serve_alone_reads_it(synth: Callable[..., Stacks], site: dict[str, Any]) -> None:
    """The log-in is a reference to a secret that Terraform makes and never fills."""
    stacks = synth(sites={"wiki": site | {"mail": MAIL}})
    names = {secret["name"] for secret in resources(stacks["data-wiki"], "aws_secretsmanager_secret")}
    assert "berth/test/wiki/mail" in names
    assert "aws_secretsmanager_secret_version" not in stacks["data-wiki"]["resource"]
    arn = "${data.terraform_remote_state.data-wiki-outputs.outputs.mail_secret_arn}"
    jobs = containers(stacks)
    given = {
        name: {s["name"]: s["valueFrom"] for s in job["secrets"] if "SMTP" in s["name"]} for name, job in jobs.items()
    }
    keys = {"SMTP_USER": f"{arn}:user::", "SMTP_PASSWORD": f"{arn}:password::"}
    assert given == {"provision": {}, "migrate": {}, "serve": keys}
    serve = _environments(stacks)["serve"]
    assert [serve[f"SMTP_{key}"] for key in ("HOST", "PORT", "FROM")] == ["smtp.example.org", "465", "site@example.org"]
    readable = {s for statement in statements(stacks["site-wiki"], "serve-execution") for s in statement["Resource"]}
    assert arn in readable


@pytest.mark.parametrize(
    ("servers", "ports"),
    [
        ({}, {443}),
        ({"mail": MAIL}, {443, MAIL["port"]}),
        ({"mail": MAIL, "cache": {"host": "valkey"}}, {443, MAIL["port"], 6379}),
        ({"mail": MAIL | {"port": 443}, "cache": {"host": "valkey", "port": 443}}, {443}),
        ({"mail": MAIL | {"port": 6379}, "cache": {"host": "valkey"}}, {443, 6379}),
    ],
)
def test_every_server_of_elsewhere_can_be_reached(
    synth: Callable[..., Stacks], servers: dict[str, Any], ports: set[int]
) -> None:
    """Containers may connect to the port of each, and AWS refuses the same rule twice."""
    stacks = synth(sites={"wiki": {"host": "wiki.example.org", **servers}})
    rules = resources(stacks["data-wiki"], "aws_vpc_security_group_egress_rule")
    found = [rule["from_port"] for rule in rules if rule.get("cidr_ipv4") == "0.0.0.0/0"]
    assert sorted(found) == sorted(ports)


def test_without_mail_there_is_no_secret(synth: Callable[..., Stacks]) -> None:
    """A site that sends no mail has the secrets it always had."""
    names = {secret["name"] for secret in resources(synth()["data-wiki"], "aws_secretsmanager_secret")}
    assert names == {"berth/test/wiki/database", "berth/test/wiki/app"}


@SITES
def test_a_cache_is_reached_by_whoever_changes_or_serves(synth: Callable[..., Stacks], site: dict[str, Any]) -> None:
    """Both jobs know the server, and members of the clients' group may reach its port; nothing is secret about it."""
    stacks = synth(sites={"wiki": site | {"cache": CACHE}})
    jobs = _environments(stacks)
    expected = {"CACHE_HOST": "cache.example.org", "CACHE_PORT": "6380", "CACHE_TLS": "1"}
    given = {job: {k: v for k, v in found.items() if k.startswith("CACHE")} for job, found in jobs.items()}
    assert given == {"provision": {}, "migrate": expected, "serve": expected}
    out = resources(stacks["data-wiki"], "aws_vpc_security_group_egress_rule")
    (rule,) = [rule for rule in out if rule["from_port"] == rule["to_port"] == 6380]
    assert (rule["security_group_id"], rule["cidr_ipv4"]) == ("${aws_security_group.clients.id}", "0.0.0.0/0")
    assert "cache" not in stacks["data-wiki"]["resource"]["aws_secretsmanager_secret"]


@SITES
def test_the_password_of_a_cache_is_a_reference(synth: Callable[..., Stacks], site: dict[str, Any]) -> None:
    """Terraform makes its secret and never fills it; the jobs that use the server may read it."""
    stacks = synth(sites={"wiki": site | {"cache": CACHE | {"password": True, "tls": False}}})
    names = {secret["name"] for secret in resources(stacks["data-wiki"], "aws_secretsmanager_secret")}
    assert "berth/test/wiki/cache" in names
    key = "${data.terraform_remote_state.data-wiki-outputs.outputs.cache_secret_arn}:password::"
    given = {
        name: [s["valueFrom"] for s in job["secrets"] if s["name"] == "CACHE_PASSWORD"]
        for name, job in containers(stacks).items()
    }
    assert given == {"provision": [], "migrate": [key], "serve": [key]}
    assert _environments(stacks)["serve"]["CACHE_TLS"] == "0"


def test_without_a_cache_nothing_points_at_one(synth: Callable[..., Stacks]) -> None:
    """No job has a setting of it, and no rule of the clients' group leads to one."""
    stacks = synth()
    assert not [name for found in _environments(stacks).values() for name in found if name.startswith("CACHE")]
    assert "clients-cache" not in stacks["data-wiki"]["resource"]["aws_vpc_security_group_egress_rule"]
