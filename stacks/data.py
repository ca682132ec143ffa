"""`data-<site>`: what must outlive the site's containers."""

from cdktf import Fn
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct

from modules.backing.database import Database
from modules.backing.files import Files
from modules.backing.secret import empty_secret
from modules.config import Config
from modules.security import HTTPS, allow_https_out, allow_out, security_group
from stacks._stack import Stack
from stacks.base import BaseStack
from stacks.outputs import BaseOutputs, DataOutputs, publish, read

RECOVERY_DAYS = 30


class DataStack(Stack):
    """A site's database, shared files, secrets and log, and the security group whose members may use them."""

    def __init__(self, scope: Construct, config: Config, base: BaseStack, site: str) -> None:
        super().__init__(scope, f"data-{site}", config)
        self.names = self.naming.of_site(site)
        self.site = config.sites[site]
        self.recovery_days = 0 if config.local else RECOVERY_DAYS
        network = read(self, base, BaseOutputs)
        clients = security_group(
            self,
            "clients",
            name=f"{self.names.name}-clients",
            description="May use the database and the files",
            vpc_id=network.vpc_id,
        )
        allow_https_out(self, "clients-https", source=clients.id)
        database = self._database(network, clients.id)
        files = Files(
            self,
            "files",
            name=self.names.name,
            vpc_id=network.vpc_id,
            subnet_ids=[Fn.element(network.private_subnet_ids, index) for index in range(config.network.zones)],
            client_security_group_id=clients.id,
            throughput=self.site.files.throughput,
            backups=self.site.files.backups,
        )
        secret = empty_secret(
            self,
            "app",
            name=f"{self.names.path}/app",
            description="The application's own secrets: its administrator, its keys",
            recovery_days=self.recovery_days,
        )
        mail = self._mail_secret()
        cache = self._cache_secret()
        self._allow_servers(clients.id)
        log = CloudwatchLogGroup(self, "log", name=self.names.log_group, retention_in_days=self.site.log_retention_days)
        outputs = DataOutputs(
            database_host=database.host,
            database_port=database.port,
            database_name=database.schema,
            database_secret_arn=database.credentials.arn,
            master_secret_arn=database.master_secret_arn,
            app_secret_arn=secret.arn,
            mail_secret_arn=mail.arn if mail else "",
            cache_secret_arn=cache.arn if cache else "",
            client_security_group_id=clients.id,
            file_system_id=files.file_system_id,
            file_system_arn=files.file_system_arn,
            access_point_id=files.access_point_id,
            access_point_arn=files.access_point_arn,
            log_group=log.name,
            log_group_arn=log.arn,
        )
        publish(self, outputs)

    def _mail_secret(self) -> SecretsmanagerSecret | None:
        if self.site.mail is None:
            return None
        return empty_secret(
            self,
            "mail",
            name=f"{self.names.path}/mail",
            description="Log-in at the mail server, written by its owner: keys user and password",
            recovery_days=self.recovery_days,
        )

    def _allow_servers(self, clients: str) -> None:
        """Let containers reach servers that others run; AWS refuses a second rule for the same port."""
        servers = {"mail": self.site.mail, "cache": self.site.cache}
        ports = {HTTPS}
        for kind, server in servers.items():
            if server and server.port not in ports:
                ports.add(server.port)
                allow_out(
                    self,
                    f"clients-{kind}",
                    source=clients,
                    port=server.port,
                    description=f"The {kind} server, wherever its name leads",
                )

    def _cache_secret(self) -> SecretsmanagerSecret | None:
        if self.site.cache is None or not self.site.cache.password:
            return None
        return empty_secret(
            self,
            "cache",
            name=f"{self.names.path}/cache",
            description="Password of the Valkey server, written by its owner: key password",
            recovery_days=self.recovery_days,
        )

    def _database(self, network: BaseOutputs, client_group_id: str) -> Database:
        settings = self.site.database
        return Database(
            self,
            "database",
            name=self.names.name,
            secret_name=f"{self.names.path}/database",
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
            client_security_group_id=client_group_id,
            engine=settings.engine,
            version=settings.version,
            instance_class=settings.instance_class,
            storage_gib=settings.storage_gib,
            max_storage_gib=settings.max_storage_gib,
            multi_az=settings.multi_az,
            backup_days=settings.backup_days,
            schema=self.site.app,
            require_tls=not self.config.local,
            protected=self.config.protection,
            final_snapshot=not self.config.local,
            recovery_days=self.recovery_days,
        )
