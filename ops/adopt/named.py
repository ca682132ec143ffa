"""What one call finds by its name: secrets, log groups and image repositories."""

from collections.abc import Iterator

from ops.adopt.wanted import Finder, Found, Wanted
from ops.aws import listed, tag_map
from ops.place import Place


def _secret(place: Place, wanted: Wanted) -> Iterator[Found]:
    client = place.client("secretsmanager")
    secret = client.describe_secret(SecretId=wanted["name"])
    if secret.get("DeletedDate"):
        # a name stays taken for the recovery window, and with it comes the value that the database still expects
        client.restore_secret(SecretId=secret["ARN"])
    yield Found(secret["ARN"], tag_map(secret.get("Tags")))


def _log_group(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in listed(place, "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=wanted["name"]):
        if item["logGroupName"] == wanted["name"]:
            arn = item["arn"].removesuffix(":*")
            yield Found(wanted["name"], place.client("logs").list_tags_for_resource(resourceArn=arn)["tags"])


def _repository(place: Place, wanted: Wanted) -> Iterator[Found]:
    for item in listed(place, "ecr", "describe_repositories", "repositories", repositoryNames=[wanted["name"]]):
        tags = place.client("ecr").list_tags_for_resource(resourceArn=item["repositoryArn"])["tags"]
        yield Found(wanted["name"], tag_map(tags))


def _repository_policy(place: Place, wanted: Wanted) -> Iterator[Found]:
    place.client("ecr").get_lifecycle_policy(repositoryName=wanted["repository"])
    yield Found(wanted["repository"])


FINDERS: dict[str, Finder] = {
    "aws_secretsmanager_secret": _secret,
    "aws_cloudwatch_log_group": _log_group,
    "aws_ecr_repository": _repository,
    "aws_ecr_lifecycle_policy": _repository_policy,
}
