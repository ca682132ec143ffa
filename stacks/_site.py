"""What the jobs and site stacks share: the site's workload, and the task definition of one of its jobs."""

from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter

from modules.backing import cache, database, files, mail, settings_files
from modules.cluster.task import Compatibility, TaskDefinition
from modules.config import Config
from modules.contract import RDS_AUTHORITY, Backing, Binding, Job, SecretKey, Serving, Workload
from modules.site_settings import AnySite
from modules.site_workload import SECRET_KEYS, workload_of
from modules.subnets import public_cidrs
from stacks._stack import Stack
from stacks.outputs import DataOutputs, RegistryOutputs

COMPATIBILITY: dict[str, Compatibility] = {"fargate": "FARGATE", "ecs": "EC2"}


def site_url(config: Config, site: AnySite) -> str:
    """Return the address that people type, without a trailing slash."""
    if config.load_balancer.certificate_arn:
        return f"https://{site.host}"
    port = "" if config.http_port == 80 else f":{config.http_port}"  # noqa: PLR2004 - HTTP's own port
    return f"http://{site.host}{port}"


def site_workload(stack: Stack, site: str, data: DataOutputs) -> Workload:
    """Return the workload of `site` with the image that its parameter names."""
    settings = stack.config.sites[site]
    names = stack.naming.of_site(site)
    # an image address is no secret: `value` would be hidden in every plan
    image = DataAwsSsmParameter(stack, "image", name=names.image_parameter).insecure_value
    return workload_of(
        settings,
        names.name,
        image=image,
        backing=_backing(stack, settings, data),
        serving=_serving(stack.config, settings),
        files_mode=settings.files.mode,
    )


def _backing(stack: Stack, settings: AnySite, data: DataOutputs) -> Backing:
    return Backing(
        database=database.binding(
            host=data.database_host,
            port=data.database_port,
            schema=data.database_name,
            secret_arn=data.database_secret_arn,
            security_group_id=data.client_security_group_id,
            # the embedded database has no certificate
            authority="" if stack.config.local else RDS_AUTHORITY,
        ),
        database_admin=database.admin_binding(master_secret_arn=data.master_secret_arn),
        files=files.binding(
            file_system_id=data.file_system_id,
            file_system_arn=data.file_system_arn,
            access_point_id=data.access_point_id,
            access_point_arn=data.access_point_arn,
        ),
        config=settings_files.binding(stack, settings.config, region=stack.config.region),
        mail=_mail(settings, data),
        cache=_cache(settings, data),
        keys={key: SecretKey(arn=data.app_secret_arn, key=key) for key in SECRET_KEYS[settings.app]},
    )


def _serving(config: Config, settings: AnySite) -> Serving:
    url = site_url(config, settings)
    return Serving(
        title=settings.title,
        language=settings.language,
        timezone=settings.timezone,
        address=url if settings.server == "settings" else settings.server,
        fallback=url if settings.server == "forwarded" else "",
        php_workers=settings.php_workers,
        upload_mib=settings.upload_mib,
        page_cache_seconds=settings.page_cache_seconds,
        trusted_proxies=tuple(trusted_proxies(config)),
        cpu=settings.cpu,
        memory_mib=settings.memory_mib,
    )


def _mail(settings: AnySite, data: DataOutputs) -> Binding:
    server = settings.mail
    if server is None:
        return Binding()
    keys = {key: SecretKey(arn=data.mail_secret_arn, key=key) for key in mail.SECRET_KEYS}
    return mail.binding(host=server.host, port=server.port, sender=server.sender, keys=keys)


def _cache(settings: AnySite, data: DataOutputs) -> Binding:
    server = settings.cache
    if server is None:
        return Binding()
    password = SecretKey(arn=data.cache_secret_arn, key="password") if server.password else None
    return cache.binding(host=server.host, port=server.port, tls=server.tls, password=password)


def trusted_proxies(config: Config) -> list[str]:
    """Return the ranges that the load balancer's own addresses come from: the public subnets.

    The embedded load balancer's requests come from the Docker network's gateway, an address Docker chooses.
    """
    if config.local:
        return ["172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8"]
    return public_cidrs(config.network.cidr, config.network.zones)


def task_definition(
    stack: Stack, job: Job, *, workload: Workload, data: DataOutputs, registry: RegistryOutputs, app: str
) -> TaskDefinition:
    """Return the task definition of `job`."""
    return TaskDefinition(
        stack,
        job.name,
        workload=workload,
        job=job,
        compatibility=COMPATIBILITY[stack.config.cluster.platform],
        architecture=stack.config.cluster.architecture,
        log_group=data.log_group,
        log_group_arn=data.log_group_arn,
        region=stack.config.region,
        repository_arn=registry.repository_arns[app],
    )
