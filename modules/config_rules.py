"""What one block of the settings cannot know alone: rules across the whole environment."""

from collections.abc import Iterator

from modules.config import Config
from modules.site_rules import Problem, mode_of_files, repeated
from modules.site_settings import AnySite
from modules.sizes import check_fargate_size

RULES_PER_LOAD_BALANCER = 100
CERTIFICATES_PER_LOAD_BALANCER = 25
TARGET_GROUPS_PER_LOAD_BALANCER = 100


def problems(config: Config) -> Iterator[Problem]:
    """Yield every problem of `config` that only shows when blocks are looked at together."""
    yield from _network(config)
    yield from _load_balancer(config)
    yield from repeated(config.sites, "host", lambda _, site: site.host, "each site needs a host of its own")
    yield from repeated(config.sites, "rule_priority", rule_priority, "set rule_priority to a free number")
    for name, site in config.sites.items():
        yield from _site(config, name, site)


def rule_priority(name: str, site: AnySite) -> int:
    """Return the listener rule priority (1 to 50,000) of the site called `name`; no other site changes it."""
    if site.rule_priority is not None:
        return site.rule_priority
    number = 0
    for letter in name.encode():
        number = (number * 131 + letter) % 49_000
    return number + 1_000


def _network(config: Config) -> Iterator[Problem]:
    network = config.network
    if network.nat == "none" and not network.interface_endpoints and not config.local:
        yield Problem(
            "network/nat",
            "tasks could neither pull images nor read secrets",
            network.nat,
            "allowed without interface_endpoints: single, per_zone; or set network/interface_endpoints: true",
        )


def _load_balancer(config: Config) -> Iterator[Problem]:
    if config.embedded_cloud and config.http_port == config.embedded_cloud.port:
        yield Problem(
            "load_balancer/http_port",
            "is the port of the embedded cloud's API as well",
            config.http_port,
            "allowed: any other port from 1 to 65535",
        )
    if len(config.sites) > RULES_PER_LOAD_BALANCER:
        yield Problem(
            "sites",
            "more sites than a load balancer has rules",
            len(config.sites),
            f"allowed: up to {RULES_PER_LOAD_BALANCER}; open a second environment",
        )
    certificates = {site.certificate_arn for site in config.sites.values() if site.certificate_arn}
    if len(certificates) > CERTIFICATES_PER_LOAD_BALANCER:
        yield Problem(
            "sites",
            "more certificates than a listener takes",
            len(certificates),
            f"allowed: up to {CERTIFICATES_PER_LOAD_BALANCER}; share one certificate between sites",
        )


def _site(config: Config, name: str, site: AnySite) -> Iterator[Problem]:
    if site.certificate_arn and not config.load_balancer.certificate_arn:
        yield Problem(
            f"sites/{name}/certificate_arn",
            "there is no HTTPS listener to add it to",
            site.certificate_arn,
            "set load_balancer/certificate_arn as well",
        )
    yield from mode_of_files(name, site.app, site.files.mode)
    if site.app == "wordpress" and site.multisite and site.server != "settings":
        yield Problem(
            f"sites/{name}/server",
            "a network of blogs has its addresses in the database",
            site.server,
            "allowed with multisite: settings",
        )
    if config.cluster.platform == "fargate":
        try:
            check_fargate_size(site.cpu, site.memory_mib)
        except ValueError as error:
            yield Problem(f"sites/{name}/memory_mib", "Fargate has no such size", site.memory_mib, str(error))
