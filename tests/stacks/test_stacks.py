import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Stacks, make_config, synthesize

SITES = {name: {"host": f"{name}.example.org"} for name in ("wiki", "docs", "lab")}


def test_shared_stacks_do_not_know_the_sites(tmp_path: Path) -> None:
    """The registry, base and cluster stacks are the same, byte for byte, with no, one and three sites."""
    made = []
    for count in (0, 1, 3):
        sites = dict(list(SITES.items())[:count])
        made.append(synthesize(make_config(sites=sites), tmp_path / str(count)))
        assert len(made[-1]) == 3 + 3 * count
    for shared in ("registry", "base", "cluster"):
        assert made[0][shared] == made[1][shared] == made[2][shared]


def test_a_site_does_not_know_the_others(tmp_path: Path) -> None:
    """One site's stacks are the same whether it is alone or one of three."""
    alone = synthesize(make_config(sites={"wiki": SITES["wiki"]}), tmp_path / "alone")
    three = synthesize(make_config(sites=SITES), tmp_path / "three")
    for own in ("data-wiki", "jobs-wiki", "site-wiki"):
        assert alone[own] == three[own]


def test_state_is_in_s3_with_native_locking(synth: Callable[..., Stacks]) -> None:
    """Every stack has its own key, encrypted and locked by S3 itself; the registry is shared by environments."""
    backends = {name: stack["terraform"]["backend"]["s3"] for name, stack in synth().items()}
    assert {b["key"] for b in backends.values()} == {
        "shared/registry.tfstate",
        *(f"test/{name}.tfstate" for name in ("base", "cluster", "data-wiki", "jobs-wiki", "site-wiki")),
    }
    for backend in backends.values():
        assert backend["use_lockfile"] is True
        assert backend["encrypt"] is True
        assert "kms_key_id" not in backend


def test_a_state_key_of_ones_own_is_used_throughout(synth: Callable[..., Stacks]) -> None:
    """With a KMS key in the settings, states are written with it."""
    arn = "arn:aws:kms:us-east-1:123456789012:key/x"
    stacks = synth(state={"bucket": "berth-test-state", "kms_key_arn": arn})
    assert {stack["terraform"]["backend"]["s3"]["kms_key_id"] for stack in stacks.values()} == {arn}


def test_everything_is_tagged(synth: Callable[..., Stacks]) -> None:
    """The provider of every stack tags with environment and stack."""
    for name, stack in synth().items():
        (provider,) = stack["provider"]["aws"]
        assert provider["default_tags"] == [{"tags": {"berth:environment": "test", "berth:stack": name}}]


def test_another_account_is_refused(synth: Callable[..., Stacks]) -> None:
    """With an account in the settings the provider accepts no other."""
    stacks = synth(account_id="123456789012")
    assert all(s["provider"]["aws"][0]["allowed_account_ids"] == ["123456789012"] for s in stacks.values())


def test_outputs_are_the_records(synth: Callable[..., Stacks]) -> None:
    """Each stack publishes exactly its typed record, and no output is marked or named secret."""
    from stacks import outputs  # noqa: PLC0415 - with the bindings already loaded

    records = {
        "registry": outputs.RegistryOutputs,
        "base": outputs.BaseOutputs,
        "cluster": outputs.ClusterOutputs,
        "data-wiki": outputs.DataOutputs,
        "jobs-wiki": outputs.JobsOutputs,
        "site-wiki": outputs.SiteOutputs,
    }
    for name, record in records.items():
        published = synth()[name]["output"]
        assert set(published) == set(record.__dataclass_fields__)
        assert not [key for key in published if "password" in key]


@pytest.mark.parametrize("platform", ["fargate", "ecs"])
def test_no_secret_value_stands_in_any_stack(synth: Callable[..., Stacks], platform: str) -> None:
    """Secrets are made empty: no version, no password argument, no secret in a container's plain environment."""
    stacks = synth(cluster={"platform": platform})
    kinds = {kind for stack in stacks.values() for kind in stack.get("resource", {})}
    assert "aws_secretsmanager_secret" in kinds
    assert not kinds & {"aws_secretsmanager_secret_version", "aws_ssm_parameter", "random_password"}
    (instance,) = stacks["data-wiki"]["resource"]["aws_db_instance"].values()
    assert instance["manage_master_user_password"] is True
    assert "password" not in instance
    for stack in ("jobs-wiki", "site-wiki"):
        for task in stacks[stack]["resource"]["aws_ecs_task_definition"].values():
            (container,) = json.loads(task["container_definitions"])
            plain = {item["name"] for item in container["environment"]}
            assert not {name for name in plain if name.endswith(("PASSWORD", "SECRET_KEY", "_USER"))}
