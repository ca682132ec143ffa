"""Small stand-ins for AWS clients, in memory: what they hold is what a test says, what they were asked they keep."""

from pathlib import Path
from typing import Any

from ops.place import Place
from tests.conftest import make_config

DIGEST = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"
REPOSITORY = "registry.example/berth/mediawiki"


class MissingError(Exception):
    """What a client raises for a thing that is not there."""


class Exceptions:
    """The `exceptions` of a client: all of them are one."""

    def __getattr__(self, _: str) -> type[MissingError]:
        return MissingError


class Ssm:
    """Parameters by name."""

    exceptions = Exceptions()

    def __init__(self, **values: str) -> None:
        self.values = values
        self.tags: dict[str, Any] = {}

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's spelling
        if Name not in self.values:
            raise MissingError
        return {"Parameter": {"Value": self.values[Name]}}

    def put_parameter(self, **asked: Any) -> None:
        assert asked["Name"] not in self.values or asked["Overwrite"]
        self.values[asked["Name"]] = asked["Value"]
        self.tags.setdefault(asked["Name"], asked.get("Tags"))

    def delete_parameter(self, Name: str) -> None:  # noqa: N803 - AWS's spelling
        del self.values[Name]


class Secrets:
    """Secret values by name; a secret without a value answers as AWS does."""

    exceptions = Exceptions()

    def __init__(self, **values: str) -> None:
        self.values = values

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's spelling
        if SecretId not in self.values:
            raise MissingError
        return {"SecretString": self.values[SecretId]}

    def put_secret_value(self, SecretId: str, SecretString: str) -> None:  # noqa: N803 - AWS's spelling
        self.values[SecretId] = SecretString


class Logs:
    """Log events by stream."""

    exceptions = Exceptions()

    def __init__(self, **streams: list[str]) -> None:
        self.streams = streams

    def get_log_events(self, **asked: Any) -> dict[str, Any]:
        if asked["logStreamName"] not in self.streams:
            raise MissingError
        return {"events": [{"message": text} for text in self.streams[asked["logStreamName"]][-asked["limit"] :]]}


class Ecs:
    """One service and the tasks of jobs; `ends` maps a task definition to its exit code."""

    exceptions = Exceptions()

    def __init__(self, *, ends: dict[str, int] | None = None, digest: str = DIGEST, rollout: str = "COMPLETED") -> None:
        self.ends = ends or {}
        self.digest = digest
        self.rollout = rollout
        self.ran: list[dict[str, Any]] = []
        self.stopped: list[dict[str, Any]] = []

    def run_task(self, **asked: Any) -> dict[str, Any]:
        self.ran.append(asked)
        return {"tasks": [{"taskArn": f"arn:task/{asked['taskDefinition']}"}], "failures": []}

    def describe_tasks(self, cluster: str, tasks: list[str]) -> dict[str, Any]:
        assert cluster
        stopped = [task for task in self.stopped if task["taskArn"] in tasks]
        return {"tasks": stopped or [self._task(arn) for arn in tasks]}

    def describe_services(self, cluster: str, services: list[str]) -> dict[str, Any]:
        assert cluster
        deployment = {"status": "PRIMARY", "rolloutState": self.rollout, "taskDefinition": "serve:1"}
        service = {"status": "ACTIVE", "desiredCount": 2, "runningCount": 2, "deployments": [deployment]}
        return {"services": [service | {"serviceName": name} for name in services]}

    def list_tasks(self, **asked: Any) -> dict[str, list[str]]:
        if asked["desiredStatus"] == "STOPPED":
            return {"taskArns": [task["taskArn"] for task in self.stopped]}
        return {"taskArns": ["arn:task/serve:1", "arn:task/serve:2"]}

    def _task(self, arn: str) -> dict[str, Any]:
        name = arn.rsplit("/", 1)[-1]
        if name.startswith("serve"):
            return {"taskArn": arn, "lastStatus": "RUNNING", "containers": [{"imageDigest": self.digest}]}
        code = self.ends.get(name, 0)
        container = {"name": name.partition(":")[0], "exitCode": code}
        return {
            "taskArn": arn,
            "lastStatus": "STOPPED",
            "stoppedReason": "Essential container in task exited",
            "containers": [container],
        }


def place(folder: Path, **clients: Any) -> Place:
    """Return a place on AWS whose clients are the ones given."""
    return Place("test", folder, folder / ".berth", make_config(), clients)
