import json
from collections.abc import Iterator
from typing import Any

import docker
import pymysql
import pytest

from tests.local import jobs
from tests.local.conftest import Cloud

pytestmark = [pytest.mark.cloud, pytest.mark.containers]

SETTINGS = {
    "Engine": "mariadb",
    "DBInstanceClass": "db.t4g.micro",
    "AllocatedStorage": 20,
    "MasterUsername": "master",
    "ManageMasterUserPassword": True,
    "PreferredBackupWindow": "01:00-02:00",
    "EnableCloudwatchLogsExports": ["error"],
}


def describe(cloud: Cloud, name: str) -> dict[str, Any]:
    """Describe an instance."""
    return cloud.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def available(cloud: Cloud, name: str) -> dict[str, Any]:
    """Wait until an instance is made, and describe it."""
    seen = jobs.wait(lambda: describe(cloud, name), lambda seen: seen["DBInstanceStatus"] != "creating")
    assert seen["DBInstanceStatus"] == "available"
    return seen


def master(cloud: Cloud, instance: dict[str, Any]) -> dict[str, str]:
    """Read the managed master secret of an instance."""
    arn = instance["MasterUserSecret"]["SecretArn"]
    return json.loads(cloud.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])


def query(cloud: Cloud, instance: dict[str, Any], *statements: str) -> tuple:
    """Run statements as the master user and give the rows of the last one."""
    secret = master(cloud, instance)
    endpoint = instance["Endpoint"]
    with (
        pymysql.connect(
            host=endpoint["Address"], port=endpoint["Port"], user=secret["username"], password=secret["password"]
        ) as connection,
        connection.cursor() as cursor,
    ):
        for statement in statements:
            cursor.execute(statement)
        connection.commit()
        return cursor.fetchall()


@pytest.fixture(scope="module")
def instance(shared_cloud: Cloud, shell_image: str) -> Iterator[dict[str, Any]]:
    """Make a database; it is deleted at the end."""
    assert shell_image
    shared_cloud.client("rds").create_db_instance(DBInstanceIdentifier="one", **SETTINGS)
    yield available(shared_cloud, "one")
    shared_cloud.client("rds").delete_db_instance(DBInstanceIdentifier="one", SkipFinalSnapshot=True)


def test_the_managed_secret_opens_the_database(shared_cloud: Cloud, instance: dict[str, Any]) -> None:
    """RDS makes the master password itself, keeps it in a secret, and the secret is the right one."""
    assert instance["MasterUserSecret"]["SecretStatus"] == "active"
    assert query(shared_cloud, instance, "SELECT CURRENT_USER()") == (("master@%",),)


def test_settings_are_given_back(instance: dict[str, Any]) -> None:
    """What was set at creation stands in the description."""
    assert instance["PreferredBackupWindow"] == "01:00-02:00"
    assert instance["EnabledCloudwatchLogsExports"] == ["error"]


def test_a_database_is_found_by_its_resource_id_alone(shared_cloud: Cloud, instance: dict[str, Any]) -> None:
    """Terraform waits for a database to go by asking for its id: another one is no answer."""
    rds = shared_cloud.client("rds")

    def find(identifier: str) -> list[str]:
        found = rds.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [identifier]}])["DBInstances"]
        return [each["DBInstanceIdentifier"] for each in found]

    assert find(instance["DbiResourceId"]) == [instance["DBInstanceIdentifier"]]
    assert find("db-GONE") == []


def test_a_change_is_given_back(shared_cloud: Cloud, instance: dict[str, Any]) -> None:
    """What was changed stands in the description, and the rest stays."""
    assert instance["AutoMinorVersionUpgrade"] is True
    shared_cloud.client("rds").modify_db_instance(
        DBInstanceIdentifier="one",
        AutoMinorVersionUpgrade=False,
        CloudwatchLogsExportConfiguration={"EnableLogTypes": ["slowquery"]},
        ApplyImmediately=True,
    )
    seen = describe(shared_cloud, "one")
    assert seen["AutoMinorVersionUpgrade"] is False
    assert seen["EnabledCloudwatchLogsExports"] == ["error", "slowquery"]
    assert seen["PreferredBackupWindow"] == "01:00-02:00"


def test_a_task_reaches_the_database(shared_cloud: Cloud, instance: dict[str, Any], shell_image: str) -> None:
    """The address that DescribeDBInstances gives answers in a task."""
    endpoint = instance["Endpoint"]
    script = f"exec 3<>/dev/tcp/{endpoint['Address']}/{endpoint['Port']} && echo reached"
    task = jobs.run(shared_cloud, jobs.register(shared_cloud, jobs.container(shell_image, script)))
    jobs.reach(shared_cloud, task, "STOPPED")
    assert jobs.lines(shared_cloud, task) == ["reached"]


def test_the_container_is_closed(shared_cloud: Cloud, instance: dict[str, Any], daemon: docker.DockerClient) -> None:
    """The database publishes no port, and its password stands neither in environment nor in arguments."""
    seen = daemon.containers.get(f"berth-{shared_cloud.port}-rds-one").attrs
    assert seen["HostConfig"]["PortBindings"] in (None, {})
    assert list(seen["NetworkSettings"]["Networks"]) == [f"berth-{shared_cloud.port}"]
    assert master(shared_cloud, instance)["password"] not in json.dumps(seen)


def test_a_deleted_database_leaves_nothing(shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str) -> None:
    """Container, data and master secret go with the instance, and a new one of that name is empty."""
    assert shell_image
    rds = shared_cloud.client("rds")
    rds.create_db_instance(DBInstanceIdentifier="two", **SETTINGS)
    made = available(shared_cloud, "two")
    query(shared_cloud, made, "CREATE DATABASE kept")
    rds.delete_db_instance(DBInstanceIdentifier="two", SkipFinalSnapshot=True)
    name = f"berth-{shared_cloud.port}-rds-two"
    assert daemon.containers.list(all=True, filters={"name": name}) == []
    assert daemon.volumes.list(filters={"name": name}) == []
    secrets = shared_cloud.client("secretsmanager").list_secrets()["SecretList"]
    assert made["MasterUserSecret"]["SecretArn"] not in [secret["ARN"] for secret in secrets]


def test_what_a_lost_database_left_is_not_found_again(
    shared_cloud: Cloud, daemon: docker.DockerClient, shell_image: str
) -> None:
    """A volume that no instance owns is emptied before an instance of its name uses it."""
    name = f"berth-{shared_cloud.port}-rds-three-data"
    daemon.volumes.create(name, labels={"berth.cloud": str(shared_cloud.port)})
    daemon.containers.run(
        shell_image, "touch /data/.prepared /data/old", volumes=[f"{name}:/data"], remove=True, network_mode="none"
    )
    shared_cloud.client("rds").create_db_instance(DBInstanceIdentifier="three", **SETTINGS)
    made = available(shared_cloud, "three")
    assert query(shared_cloud, made, "SELECT 1") == ((1,),)
    shared_cloud.client("rds").delete_db_instance(DBInstanceIdentifier="three", SkipFinalSnapshot=True)


def test_a_database_that_cannot_start_fails(shared_cloud: Cloud, shell_image: str) -> None:
    """An impossible parameter ends in the status `failed`, and the cloud's own status names the instance."""
    assert shell_image
    rds = shared_cloud.client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="bad", DBParameterGroupFamily="mariadb11.8", Description="no server starts with it"
    )
    parameter = {"ParameterName": "innodb_page_size", "ParameterValue": "3", "ApplyMethod": "pending-reboot"}
    rds.modify_db_parameter_group(DBParameterGroupName="bad", Parameters=[parameter])
    made = rds.create_db_instance(DBInstanceIdentifier="four", DBParameterGroupName="bad", **SETTINGS)["DBInstance"]
    seen = jobs.wait(lambda: describe(shared_cloud, "four"), lambda seen: seen["DBInstanceStatus"] != "creating")
    assert seen["DBInstanceStatus"] == "failed"
    assert made["DBInstanceArn"] in shared_cloud.status()["not_started"]
    rds.delete_db_instance(DBInstanceIdentifier="four", SkipFinalSnapshot=True)
