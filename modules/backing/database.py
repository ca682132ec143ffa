"""A MariaDB or MySQL database on RDS.

Creates: subnet group, parameter group, security group, and an encrypted instance whose master password RDS makes, keeps
in Secrets Manager and rotates. Applications never see that password: their own user is made by the provision job from
the secret in `credentials`, which is empty until the wrapper fills it.
"""

from collections.abc import Sequence

from cdktf import Token
from cdktf_cdktf_provider_aws.db_instance import DbInstance
from cdktf_cdktf_provider_aws.db_parameter_group import DbParameterGroup, DbParameterGroupParameter
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from constructs import Construct

from modules.backing.secret import empty_secret
from modules.contract import Binding, SecretKey
from modules.security import connect, security_group

PORT = 3306
LOGS = ["error", "slowquery"]
PARAMETERS = {"character_set_server": "utf8mb4", "slow_query_log": "1", "long_query_time": "2"}


class Database(Construct):
    """An RDS instance called `name`, reachable by members of `client_security_group_id` only.

    `engine` and `version` in RDS's words (`mariadb`, `11.8`). `protected`: refuses to be deleted, default true.
    `final_snapshot`: leaves a snapshot `<name>-final` and its automated backups when it goes, default true.
    `require_tls`: refuses connections without TLS, default true. `recovery_days`: how long a deleted secret can be
    brought back, 0 deletes at once.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        secret_name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        client_security_group_id: str,
        engine: str = "mariadb",
        version: str = "11.8",
        instance_class: str = "db.t4g.small",
        storage_gib: int = 20,
        max_storage_gib: int = 100,
        multi_az: bool = True,
        backup_days: int = 14,
        schema: str = "app",
        require_tls: bool = True,
        protected: bool = True,
        final_snapshot: bool = True,
        recovery_days: int = 30,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        group = security_group(self, "group", name=f"{name}-database", description="Database", vpc_id=vpc_id)
        connect(
            self,
            "clients",
            source=client_security_group_id,
            target=group.id,
            port=PORT,
            description="Database clients",
        )
        subnets = DbSubnetGroup(self, "subnets", name=name, subnet_ids=list(subnet_ids), tags={"Name": name})
        instance = DbInstance(
            self,
            "instance",
            identifier=name,
            engine=engine,
            engine_version=version,
            instance_class=instance_class,
            allocated_storage=storage_gib,
            max_allocated_storage=max_storage_gib,
            storage_type="gp3",
            storage_encrypted=True,
            username="berth_admin",
            manage_master_user_password=True,
            port=PORT,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[group.id],
            parameter_group_name=self._parameters(engine, version, require_tls=require_tls).name,
            publicly_accessible=False,
            multi_az=multi_az,
            backup_retention_period=backup_days,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=True,
            apply_immediately=True,
            enabled_cloudwatch_logs_exports=LOGS,
            deletion_protection=protected,
            skip_final_snapshot=not final_snapshot,
            final_snapshot_identifier=f"{name}-final" if final_snapshot else None,
            delete_automated_backups=not final_snapshot,
            tags={"Name": name},
        )
        self.master_secret_arn = instance.master_user_secret.get(0).secret_arn
        self.credentials = empty_secret(
            self,
            "credentials",
            name=secret_name,
            description="The application's own database user: username, password",
            recovery_days=recovery_days,
        )
        self.host = instance.address
        self.port = PORT
        self.schema = schema

    def _parameters(self, engine: str, version: str, *, require_tls: bool) -> DbParameterGroup:
        name = f"{self.name}-{engine}{version.replace('.', '-')}"
        settings = PARAMETERS | {"require_secure_transport": "1" if require_tls else "0"}
        group = DbParameterGroup(
            self,
            "parameters",
            name=name,
            family=f"{engine}{version}",
            description="Settings of the database server",
            parameter=[DbParameterGroupParameter(name=key, value=value) for key, value in settings.items()],
            tags={"Name": name},
        )
        # an engine upgrade needs a new group before the old one can go
        group.add_override("lifecycle", {"create_before_destroy": True})
        return group


def binding(
    *, host: str, port: int, schema: str, secret_arn: str, security_group_id: str, authority: str = ""
) -> Binding:
    """Return what every job gets of a database.

    `authority`: path, inside the image, of the certificates that the server's own is verified by; empty for no TLS.
    """
    return Binding(
        env={
            "DATABASE_HOST": host,
            "DATABASE_PORT": Token.as_string(port),
            "DATABASE_NAME": schema,
            "DATABASE_TLS_CA": authority,
        },
        secrets={
            "DATABASE_USER": SecretKey(arn=secret_arn, key="username"),
            "DATABASE_PASSWORD": SecretKey(arn=secret_arn, key="password"),
        },
        security_group_ids=(security_group_id,),
    )


def admin_binding(*, master_secret_arn: str) -> Binding:
    """Return what the provision job gets besides: the master user that RDS keeps."""
    return Binding(
        secrets={
            "DATABASE_ADMIN_USER": SecretKey(arn=master_secret_arn, key="username"),
            "DATABASE_ADMIN_PASSWORD": SecretKey(arn=master_secret_arn, key="password"),
        }
    )
