"""Clusters, capacity providers and services. Task definitions are left out: a new revision does no harm."""

from collections.abc import Iterator
from typing import Any

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import tag_map
from ops.place import Place


def _active(place: Place, operation: str, key: str, **arguments: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    for item in getattr(place.client("ecs"), operation)(include=["TAGS"], **arguments)[key]:
        if item["status"] == "ACTIVE":
            yield item


def _cluster(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in _active(place, "describe_clusters", "clusters", clusters=[wanted["name"]]):
        yield Found(item["clusterName"], tag_map(item.get("tags")))


def _capacity_provider(place: Place, wanted: Wanted) -> Iterator[Found]:
    named = {"capacityProviders": [wanted["name"]]}
    for item in _active(place, "describe_capacity_providers", "capacityProviders", **named):
        yield Found(item["name"], tag_map(item.get("tags")))


def _cluster_capacity_providers(place: Place, wanted: Wanted) -> Iterator[Found]:
    cluster = wanted["cluster_name"]
    if cluster:
        for item in _active(place, "describe_clusters", "clusters", clusters=[cluster]):
            if item.get("capacityProviders"):
                yield Found(cluster)


def _service(place: Place, wanted: Wanted) -> Iterator[Found]:
    cluster = wanted["cluster"]
    if cluster:
        for item in _active(place, "describe_services", "services", cluster=cluster, services=[wanted["name"]]):
            yield Found(f"{cluster.rpartition('/')[2]}/{item['serviceName']}", tag_map(item.get("tags")))


FINDERS: dict[str, Finder] = {
    "aws_ecs_cluster": _cluster,
    "aws_ecs_capacity_provider": _capacity_provider,
    "aws_ecs_cluster_capacity_providers": _cluster_capacity_providers,
    "aws_ecs_service": _service,
}
