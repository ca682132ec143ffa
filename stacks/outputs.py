"""What each stack tells the others: fixed and typed, the same whichever stacks listen.

A stack publishes its whole record; another reads it by its type, from the remote state. Nothing here is secret:
Terraform drops the mark of a sensitive value on the way through remote state.
"""

from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast, get_origin

from cdktf import DataTerraformRemoteStateS3, TerraformOutput, Token

from stacks._stack import Stack, backend_settings, path_style


@dataclass(frozen=True, kw_only=True)
class RegistryOutputs:
    """`registry`: image repositories by application."""

    repository_urls: dict[str, str]
    repository_arns: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class BaseOutputs:
    """`base`: the network."""

    vpc_id: str
    vpc_cidr: str
    public_subnet_ids: list[str]
    public_subnet_cidrs: list[str]
    private_subnet_ids: list[str]
    availability_zones: list[str]


@dataclass(frozen=True, kw_only=True)
class ClusterOutputs:
    """`cluster`: where containers run and how requests come in."""

    cluster_name: str
    cluster_arn: str
    capacity_provider: str
    load_balancer_arn: str
    load_balancer_arn_suffix: str
    load_balancer_dns_name: str
    load_balancer_security_group_id: str
    listener_arn: str


@dataclass(frozen=True, kw_only=True)
class DataOutputs:
    """`data-<site>`: what must outlive the containers."""

    database_host: str
    database_port: int
    database_name: str
    database_secret_arn: str
    master_secret_arn: str
    app_secret_arn: str
    mail_secret_arn: str
    cache_secret_arn: str
    client_security_group_id: str
    file_system_id: str
    file_system_arn: str
    access_point_id: str
    access_point_arn: str
    log_group: str
    log_group_arn: str


@dataclass(frozen=True, kw_only=True)
class JobsOutputs:
    """`jobs-<site>`: what the wrapper needs to run the site's provision and migrate tasks."""

    provision_task_definition: str
    migrate_task_definition: str
    cluster_name: str
    capacity_provider: str
    subnet_ids: list[str]
    security_group_ids: list[str]


@dataclass(frozen=True, kw_only=True)
class SiteOutputs:
    """`site-<site>`: the running site."""

    url: str
    cluster_name: str
    service_name: str
    task_definition: str
    target_group_arn: str


Outputs = TypeVar("Outputs")


def publish(stack: Stack, outputs: Any) -> None:  # noqa: ANN401 - any of the records above
    """Make every field of `outputs` an output of `stack`."""
    for field in fields(outputs):
        output = TerraformOutput(stack, f"output-{field.name}", value=getattr(outputs, field.name))
        output.override_logical_id(field.name)


def read(stack: Stack, producer: Stack, kind: type[Outputs]) -> Outputs:
    """Return what `producer` published, as references into its remote state; `stack` depends on it from now on."""
    stack.add_dependency(producer)
    state = DataTerraformRemoteStateS3(
        stack, f"{producer.node.id}-outputs", **backend_settings(stack.config, producer.node.id)
    )
    for key, value in path_style(stack.config).items():
        state.add_override(f"config.{key}", value)
    return kind(**{field.name: _reference(state, field.name, field.type) for field in fields(cast("type[Any]", kind))})


def _reference(state: DataTerraformRemoteStateS3, name: str, type_: Any) -> Any:  # noqa: ANN401 - as the field's type
    if type_ is int:
        return Token.as_number(state.get(name))
    if get_origin(type_) is list:
        return state.get_list(name)
    if get_origin(type_) is dict:
        return _Map(state, name)
    return state.get_string(name)


class _Map(dict[str, str]):
    """A map in a remote state: any key gives the reference to its value."""

    def __init__(self, state: DataTerraformRemoteStateS3, name: str) -> None:
        super().__init__()
        self._state, self._name = state, name

    def __missing__(self, key: str) -> str:
        return self._state.get_string(f"{self._name}.{key}")
