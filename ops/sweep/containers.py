"""Services and their scaling, clusters, task definitions, capacity providers, Auto Scaling groups, images."""

from collections.abc import Iterator

from ops.aws import batched, listed, tag_map
from ops.place import Place
from ops.sweep.kind import Item, Kind, Scope

SCALING = "application-autoscaling"
MOST_AT_ONCE = 10


def _scalable_targets(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, SCALING, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs"):
        _, cluster, service = item["ResourceId"].split("/")
        if cluster == scope.prefix and scope.covers_stack(f"site-{service.removeprefix(f'{cluster}-')}"):
            yield Item(item["ResourceId"])


def _delete_scalable_target(place: Place, resource: str) -> None:
    place.client(SCALING).deregister_scalable_target(
        ServiceNamespace="ecs", ResourceId=resource, ScalableDimension="ecs:service:DesiredCount"
    )


def _services(place: Place, scope: Scope) -> Iterator[Item]:
    ecs = place.client("ecs")
    arns = listed(place, "ecs", "list_services", "serviceArns", cluster=scope.prefix)
    for some in batched(arns, MOST_AT_ONCE):
        described = ecs.describe_services(cluster=scope.prefix, services=list(some), include=["TAGS"])
        for item in described["services"]:
            if item["status"] != "INACTIVE" and scope.covers(tag_map(item.get("tags"))):
                yield Item(f"{scope.prefix} {item['serviceName']}", item["serviceName"])


def _delete_service(place: Place, names: str) -> None:
    cluster, service = names.split()
    ecs = place.client("ecs")
    ecs.update_service(cluster=cluster, service=service, desiredCount=0)
    ecs.delete_service(cluster=cluster, service=service, force=True)
    ecs.get_waiter("services_inactive").wait(cluster=cluster, services=[service])


def _task_definitions(place: Place, scope: Scope) -> Iterator[Item]:
    ecs = place.client("ecs")
    for family in listed(place, "ecs", "list_task_definition_families", "families", familyPrefix=scope.prefix):
        if not scope.has_prefix(family):
            continue
        for arn in listed(
            place, "ecs", "list_task_definitions", "taskDefinitionArns", familyPrefix=family, status="ACTIVE"
        ):
            tags = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"]).get("tags")
            if scope.covers(tag_map(tags)):
                yield Item(arn, arn.rpartition("/")[2])


def _clusters(place: Place, scope: Scope) -> Iterator[Item]:
    for item in place.client("ecs").describe_clusters(clusters=[scope.prefix], include=["TAGS"])["clusters"]:
        if item["status"] != "INACTIVE" and scope.covers(tag_map(item.get("tags"))):
            yield Item(item["clusterName"])


def _capacity_providers(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "ecs", "describe_capacity_providers", "capacityProviders", include=["TAGS"]):
        if item["status"] == "ACTIVE" and scope.covers(tag_map(item.get("tags"))):
            yield Item(item["name"])


def _groups(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"):
        name = item["AutoScalingGroupName"]
        if scope.has_prefix(name) and scope.covers_stack("cluster"):
            yield Item(name)


def _delete_group(place: Place, name: str) -> None:
    place.client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    place.client("autoscaling").get_waiter("group_not_exists").wait(AutoScalingGroupNames=[name])


def _launch_templates(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "ec2", "describe_launch_templates", "LaunchTemplates"):
        if scope.covers(tag_map(item.get("Tags"))):
            yield Item(item["LaunchTemplateId"], item["LaunchTemplateName"])


def _repositories(place: Place, scope: Scope) -> Iterator[Item]:
    for item in listed(place, "ecr", "describe_repositories", "repositories"):
        if item["repositoryName"].startswith("berth/"):
            tags = place.client("ecr").list_tags_for_resource(resourceArn=item["repositoryArn"])["tags"]
            if scope.covers(tag_map(tags)):
                yield Item(item["repositoryName"])


KINDS = (
    Kind("scalable target", _scalable_targets, _delete_scalable_target),
    Kind("service", _services, _delete_service),
    Kind("Auto Scaling group", _groups, _delete_group),
    Kind("cluster", _clusters, lambda place, name: place.client("ecs").delete_cluster(cluster=name)),
    Kind(
        "capacity provider",
        _capacity_providers,
        lambda place, name: place.client("ecs").delete_capacity_provider(capacityProvider=name),
    ),
    Kind(
        "task definition",
        _task_definitions,
        lambda place, arn: place.client("ecs").deregister_task_definition(taskDefinition=arn),
    ),
    Kind(
        "launch template",
        _launch_templates,
        lambda place, template: place.client("ec2").delete_launch_template(LaunchTemplateId=template),
    ),
    Kind(
        "image repository",
        _repositories,
        lambda place, name: place.client("ecr").delete_repository(repositoryName=name, force=True),
    ),
)
