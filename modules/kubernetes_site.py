"""From the settings of an environment on Kubernetes to its objects, and to the keys of the Secrets that they name."""

from collections.abc import Iterator, Mapping

from modules.backing import cache, mail
from modules.contract import RDS_AUTHORITY, Backing, Binding, KubernetesSecretKey, Serving
from modules.kubernetes.admission import admission_objects
from modules.kubernetes.database import PORT, admin_binding, database_binding
from modules.kubernetes.dumps import Dumps, dump_objects
from modules.kubernetes.files import files_binding
from modules.kubernetes.manifest import Manifest
from modules.kubernetes.mariadb import MariaDb, mariadb_objects
from modules.kubernetes.namespace import namespace_objects
from modules.kubernetes.placement import Gateway, Ingress, Peer, Placement, Scale, Storage
from modules.kubernetes.workload import workload_objects
from modules.kubernetes_settings import AnyKubernetesSite, KubernetesConfig, Server
from modules.site_workload import SECRET_KEYS, workload_of

LOG_IN = ("username", "password")
HTTPS = 443


def cluster_objects(config: KubernetesConfig) -> list[Manifest]:
    """Return what all sites share: the namespace, and what it admits."""
    return [*admission_objects(), *namespace_objects(config.namespace)]


def secret_keys(config: KubernetesConfig, name: str) -> dict[str, tuple[str, ...]]:
    """Return the Secrets that the site called `name` needs, with their keys."""
    site = config.sites[name]
    found = {f"{name}-database": LOG_IN, f"{name}-app": SECRET_KEYS[site.app]}
    if _server(site):
        found[f"{name}-db-root"] = LOG_IN
    if site.mail:
        found[f"{name}-mail"] = mail.SECRET_KEYS
    if site.cache and site.cache.password:
        found[f"{name}-cache"] = cache.SECRET_KEYS
    return found


def site_objects(
    config: KubernetesConfig, name: str, *, image: str, secret_versions: Mapping[str, str]
) -> list[Manifest]:
    """Return the objects of the site called `name`, which serves `image`."""
    site = config.sites[name]
    server = _server(site)
    mariadb = _mariadb(config, name, server or Server())
    workload = workload_of(
        site,
        name,
        image=image,
        backing=_backing(site, name, mariadb),
        serving=_serving(config, site),
        files_mode=site.files.mode,
    )
    database = mariadb_objects(mariadb) if server else []
    dumps = server.dumps if server else None
    return [
        *database,
        *(dump_objects(mariadb, Dumps(schema=site.app, **dumps.model_dump())) if dumps else ()),
        *workload_objects(workload, _placement(config, site, mariadb, secret_versions)),
    ]


def _mariadb(config: KubernetesConfig, name: str, server: Server) -> MariaDb:
    return MariaDb(
        name=f"{name}-db",
        site=name,
        namespace=config.namespace,
        secret=f"{name}-db-root",
        storage_class=config.kubernetes.storage_class,
        image=server.image,
        storage_gib=server.storage_gib,
        memory_mib=server.memory_mib,
    )


def _server(site: AnyKubernetesSite) -> Server | None:
    return None if site.database.external else site.database.server or Server()


def _backing(site: AnyKubernetesSite, name: str, mariadb: MariaDb) -> Backing:
    external = site.database.external
    return Backing(
        database=database_binding(
            host=external.host if external else mariadb.name,
            port=external.port if external else PORT,
            schema=site.app,
            secret=f"{name}-database",
            authority=RDS_AUTHORITY if external and external.authority == "rds" else "",
        ),
        database_admin=admin_binding(secret=external.admin_secret if external else mariadb.secret),
        files=files_binding(name),
        keys=_keys(f"{name}-app", SECRET_KEYS[site.app]),
        mail=_mail(site, name),
        cache=_cache(site, name),
        backs_up=False,
    )


def _keys(secret: str, keys: tuple[str, ...]) -> dict[str, KubernetesSecretKey]:
    return {key: KubernetesSecretKey(name=secret, key=key) for key in keys}


def _mail(site: AnyKubernetesSite, name: str) -> Binding:
    if site.mail is None:
        return Binding()
    keys = _keys(f"{name}-mail", mail.SECRET_KEYS)
    return mail.binding(host=site.mail.host, port=site.mail.port, sender=site.mail.sender, keys=keys)


def _cache(site: AnyKubernetesSite, name: str) -> Binding:
    if site.cache is None:
        return Binding()
    password = KubernetesSecretKey(name=f"{name}-cache", key="password") if site.cache.password else None
    return cache.binding(host=site.cache.host, port=site.cache.port, tls=site.cache.tls, password=password)


def _url(site: AnyKubernetesSite) -> str:
    secure = (site.ingress and site.ingress.tls_secret) or (site.gateway and site.gateway.tls)
    return site.url or f"{'https' if secure else 'http'}://{site.host}"


def _serving(config: KubernetesConfig, site: AnyKubernetesSite) -> Serving:
    return Serving(
        title=site.title,
        address=_url(site),
        language=site.language,
        timezone=site.timezone,
        php_workers=site.php_workers,
        upload_mib=site.upload_mib,
        page_cache_seconds=site.page_cache_seconds,
        trusted_proxies=tuple(map(str, config.kubernetes.trusted_proxies)),
        cpu=site.cpu,
        memory_mib=site.memory_mib,
    )


def _placement(
    config: KubernetesConfig, site: AnyKubernetesSite, mariadb: MariaDb, secret_versions: Mapping[str, str]
) -> Placement:
    return Placement(
        namespace=config.namespace,
        app=site.app,
        service_type=site.service.type,
        node_port=site.service.node_port,
        route=_route(site),
        scale=Scale(min=site.scaling.min, max=site.scaling.max, cpu_percent=site.scaling.cpu_percent),
        storage=Storage(
            size_gib=site.files.storage_gib,
            access_mode=site.files.access_mode,
            class_name=config.kubernetes.storage_class,
        ),
        callers=config.kubernetes.callers,
        peers=tuple(_peers(site, mariadb)),
        secret_versions=secret_versions,
        pull_secret=config.kubernetes.pull_secret,
    )


def _route(site: AnyKubernetesSite) -> Ingress | Gateway | None:
    if site.ingress:
        return Ingress(
            host=site.host,
            class_name=site.ingress.class_name,
            tls_secret=site.ingress.tls_secret,
            annotations=site.ingress.annotations,
        )
    if site.gateway:
        return Gateway(host=site.host, name=site.gateway.name, namespace=site.gateway.namespace)
    return None


def _peers(site: AnyKubernetesSite, mariadb: MariaDb) -> Iterator[Peer]:
    external = site.database.external
    yield Peer(port=external.port) if external else Peer(port=PORT, labels=mariadb.selector)
    if site.mail:
        yield Peer(port=site.mail.port)
    if site.cache:
        yield Peer(port=site.cache.port)
    if site.files.mode == "extensions":
        yield Peer(port=HTTPS)
