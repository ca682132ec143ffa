"""A small site on ECS behind a load balancer, for tests of the scheduler."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.local import balancing, jobs
from tests.local.conftest import Cloud

CLUSTER = "test"
PORT = 8080

# Answers with its name and its address; the name decides how it fares: `sick` is never ready, `exit` ends at once.
SITE = r"""
use IO::Socket::INET; $| = 1; $SIG{CHLD} = "IGNORE"; $SIG{TERM} = sub { exit 0 };
my $name = shift; exit 3 if $name =~ /exit/;
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 64, ReuseAddr => 1) or die $!;
while (1) {
  my $client = $server->accept or next; next if fork;
  my $head = ""; while (my $line = <$client>) { $head .= $line; last if $line =~ /^\r?\n$/ }
  sleep 2 if $head =~ m{^GET /slow };
  my $status = $name =~ /sick/ && $head =~ m{^GET /readyz } ? "503 No" : "200 OK";
  my $body = "$name\n";
  print $client "HTTP/1.1 $status\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body"; exit;
}
"""


@dataclass(frozen=True)
class Site:
    """A service that runs."""

    cloud: Cloud
    name: str
    image: str
    group: str
    port: int

    def describe(self) -> dict[str, Any]:
        """Describe the service."""
        found = self.cloud.client("ecs").describe_services(cluster=CLUSTER, services=[self.name])
        return found["services"][0]

    def deploy(self, version: str) -> None:
        """Roll a version out."""
        definition = _definition(self.cloud, self.name, self.image, version)
        self.cloud.client("ecs").update_service(cluster=CLUSTER, service=self.name, taskDefinition=definition)

    def scale(self, count: int) -> None:
        """Ask for a number of tasks."""
        self.cloud.client("ecs").update_service(cluster=CLUSTER, service=self.name, desiredCount=count)

    def settle(self, state: str = "COMPLETED", seconds: float = 60) -> dict[str, Any]:
        """Wait until the newest deployment has a state and, when completed, is alone and whole."""
        return jobs.wait(self.describe, lambda seen: _settled(seen, state), seconds)

    def tasks(self, status: str = "RUNNING") -> list[dict[str, Any]]:
        """Describe the service's tasks of a desired status, oldest first."""
        ecs = self.cloud.client("ecs")
        arns = ecs.list_tasks(cluster=CLUSTER, serviceName=self.name, desiredStatus=status)["taskArns"]
        found = ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"] if arns else []
        return sorted(found, key=lambda task: task["createdAt"])

    def events(self) -> str:
        """Give the text of all events."""
        return "\n".join(event["message"] for event in self.describe()["events"])


def _settled(service: dict[str, Any], state: str) -> bool:
    whole = service["runningCount"] == service["desiredCount"] and len(service["deployments"]) == 1
    return service["deployments"][0]["rolloutState"] == state and (whole or state != "COMPLETED")


def _definition(cloud: Cloud, name: str, image: str, version: str) -> str:
    container = {
        "name": "site",
        "image": image,
        "essential": True,
        "command": ["perl", "-e", SITE, version],
        "portMappings": [{"containerPort": PORT}],
        "stopTimeout": 5,
    }
    made = cloud.client("ecs").register_task_definition(
        family=name,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    return made["taskDefinition"]["taskDefinitionArn"]


@contextmanager
def site(cloud: Cloud, name: str, image: str, version: str = "one", count: int = 2, **settings: Any) -> Iterator[Site]:
    """Make a service behind a listener of its own; it is deleted at the end."""
    jobs.prepare(cloud)
    group = balancing.group(cloud, name)
    with balancing.listener(cloud, name, balancing.forward(group)) as (_, port):
        breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
        cloud.client("ecs").create_service(
            cluster=CLUSTER,
            serviceName=name,
            taskDefinition=_definition(cloud, name, image, version),
            desiredCount=count,
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            loadBalancers=[{"targetGroupArn": group, "containerName": "site", "containerPort": PORT}],
            **({"deploymentConfiguration": breaker} | settings),
        )
        made = Site(cloud, name, image, group, port)
        yield made
        cloud.client("ecs").delete_service(cluster=CLUSTER, service=name, force=True)
        jobs.wait(made.describe, lambda seen: seen["status"] == "INACTIVE", 60)
