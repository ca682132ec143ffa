"""What exists and how it is: the stacks by their state, the services by what ECS and the load balancer say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from modules.config import Config
from ops import parameter, registry, service, state
from ops.place import Place


@dataclass(frozen=True)
class StackStatus:
    """A stack: how many resources its state holds, None where it was never applied, and its outputs."""

    name: str
    resources: int | None
    outputs: dict[str, Any]


@dataclass(frozen=True)
class SiteStatus:
    """A site: its tasks, healthy targets, image and address."""

    name: str
    tasks: str
    healthy: str
    image: str
    url: str


def stack_names(config: Config) -> tuple[str, ...]:
    """Every stack of the environment, in the order in which they are made."""
    of_sites = (f"{kind}-{site}" for site in config.sites for kind in ("data", "jobs", "site"))
    return ("registry", "base", "cluster", *of_sites)


def stacks(place: Place) -> tuple[StackStatus, ...]:
    """Read every stack's state from the bucket."""
    return tuple(_stack(place, name) for name in stack_names(place.config))


def sites(place: Place, known: tuple[StackStatus, ...]) -> tuple[SiteStatus, ...]:
    """Ask the cloud how every site is."""
    outputs = {stack.name: stack.outputs for stack in known}
    return tuple(_site(place, name, outputs[f"site-{name}"]) for name in place.config.sites)


def tables(place: Place) -> Iterator[Table]:
    """Yield the two tables of `make status`."""
    known = stacks(place)
    yield stack_table(known)
    yield site_table(sites(place, known))


def stack_table(known: tuple[StackStatus, ...]) -> Table:
    """Return a row a stack."""
    table = Table("stack", "resources", box=None)
    for stack in known:
        table.add_row(stack.name, "not applied" if stack.resources is None else str(stack.resources))
    return table


def site_table(found: tuple[SiteStatus, ...]) -> Table:
    """Return a row a site."""
    table = Table("site", "tasks", "healthy", "image", "url", box=None)
    for site in found:
        table.add_row(site.name, site.tasks, site.healthy, site.image, site.url)
    return table


def _stack(place: Place, name: str) -> StackStatus:
    found = state.read(place, name)
    if found is None:
        return StackStatus(name, None, {})
    outputs = {key: output["value"] for key, output in found["outputs"].items()}
    return StackStatus(name, len(state.addresses(found)), outputs)


def _site(place: Place, name: str, outputs: dict[str, Any]) -> SiteStatus:
    wanted = parameter.read(place, name)
    version = registry.version(place, wanted) if wanted else "none"
    if not outputs:
        return SiteStatus(name, "0 of 0", "0", version, "not applied")
    now = service.describe(place, outputs["cluster_name"], outputs["service_name"])
    tasks = f"{now.running} of {now.desired}" if now else "no service"
    return SiteStatus(name, tasks, _healthy(place, outputs["target_group_arn"]), version, outputs["url"])


def _healthy(place: Place, target_group: str) -> str:
    elb = place.client("elbv2")
    try:
        targets = elb.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    except elb.exceptions.TargetGroupNotFoundException:
        return "no target group"
    healthy = [target for target in targets if target["TargetHealth"]["State"] == "healthy"]
    return f"{len(healthy)} of {len(targets)}"
