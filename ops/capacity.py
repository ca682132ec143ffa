"""Whether the settings fit together in size: database connections and processors. Nothing here talks to a cloud."""

import re
from collections.abc import Iterator

from modules.config import Config
from modules.site_settings import AnySite

GIB = 1024**3
INSTANCE_GIB = {
    "micro": 1,
    "small": 2,
    "medium": 4,
    "large": 8,
    "xlarge": 16,
    "2xlarge": 32,
    "4xlarge": 64,
    "8xlarge": 128,
    "12xlarge": 192,
    "16xlarge": 256,
    "24xlarge": 384,
}
"""Memory of an RDS instance by size, GiB; memory-optimised families (db.r…, db.x…) have twice as much from large on."""

BYTES_PER_CONNECTION = {"mariadb": 25_165_760, "mysql": 12_582_880}
"""RDS's default parameter groups compute max_connections as DBInstanceClassMemory divided by this.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
"""

ADMIN_WORKERS = 3
"""PHP workers of wp-admin, beside the others, in a task where people install plugins; see admin-pool.conf."""

MOST_CONNECTIONS = {"mariadb": 12_000, "mysql": 16_000}


def max_connections(engine: str, instance_class: str) -> int | None:
    """Return how many connections RDS allows by default, None for a size that is not known here."""
    _, family, size = instance_class.split(".")
    gib = INSTANCE_GIB.get(size)
    if gib is None:
        return None
    if family[0] in "rx" and size not in {"micro", "small", "medium"}:
        gib *= 2
    return min(gib * GIB // BYTES_PER_CONNECTION[engine], MOST_CONNECTIONS[engine])


def problems(config: Config) -> Iterator[str]:
    """Yield what cannot work, as `environments/<name>.yaml: <key path>: <what>, got <value>; <fix>`."""
    for name, site in config.sites.items():
        yield from _connections(f"environments/{config.environment}.yaml: sites/{name}", site)
    yield from _processor(config)


def _connections(where: str, site: AnySite) -> Iterator[str]:
    allowed = max_connections(site.database.engine, site.database.instance_class)
    workers = site.php_workers + (ADMIN_WORKERS if site.files.mode == "extensions" else 0)
    wanted = site.scaling.max * workers
    if allowed is not None and wanted > allowed:
        yield (
            f"{where}/php_workers: {site.scaling.max} tasks of {workers} PHP workers may open {wanted} "
            f"connections, {site.database.instance_class} allows {allowed}; lower php_workers or scaling/max, "
            "or take a larger database/instance_class"
        )


def _processor(config: Config) -> Iterator[str]:
    if config.cluster.platform != "ecs":
        return
    family = config.cluster.instances.type.partition(".")[0]
    found = "arm64" if re.fullmatch(r"a1|[a-z]+\d+g[a-z]*", family) else "x86_64"
    if found != config.cluster.architecture:
        yield (
            f"environments/{config.environment}.yaml: cluster/instances/type: is {found} and cluster/architecture "
            f"is {config.cluster.architecture}, got {config.cluster.instances.type!r}; let both be one"
        )
