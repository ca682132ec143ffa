"""What one block of the settings of a Kubernetes environment cannot know alone."""

from collections.abc import Iterator

from modules.kubernetes_settings import KubernetesConfig
from modules.site_rules import Problem, mode_of_files, repeated

SERVER = "-db"
"""What the name of a site's database server ends with."""


def problems(config: KubernetesConfig) -> Iterator[Problem]:
    """Yield every problem of `config` that only shows when blocks are looked at together."""
    yield from repeated(config.sites, "host", lambda _, site: site.host, "each site needs a host of its own")
    for name, site in config.sites.items():
        yield from mode_of_files(name, site.app, site.files.mode)
        if name.endswith(SERVER) and name.removesuffix(SERVER) in config.sites:
            other = name.removesuffix(SERVER)
            yield Problem(f"sites/{name}", f"is the name of {other}'s database server", name, "choose another name")
