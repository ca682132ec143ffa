"""Versions of a site's image, made out of the one that runs: pushed as a build would have pushed them."""

from typing import Any

import docker

from modules.site_image import site_image
from ops import images, parameter, registry, version
from tests.create_all.conftest import Created

SAME = "true"
"""Script of a version that differs by name only."""

ANOTHER_SCHEMA = r"""sed -i "s/'extensions' => \[/&'Poem', /" /usr/local/share/berth/baked.php"""
"""Script of a version whose schema has another fingerprint: one extension more."""


ORIGINAL = ['ENTRYPOINT ["/usr/local/bin/entrypoint"]', 'CMD ["serve"]', "USER 10001:10001"]
"""What the container that ran the script must not leave in the image."""


def push(created: Created, site: str, name: str, script: str = SAME, entrypoint: str = "") -> None:
    """Push version `name`: the site's image after `script` ran in it as root, and with `entrypoint` where given."""
    client = docker.from_env()
    wanted = site_image(created.place.config.sites[site])
    repository, tag = images.repository(wanted.app), version.tag(name, wanted)
    running = str(parameter.read(created.place, site))
    container = _changed(client, client.images.get(running), script)
    lines = ORIGINAL + ([f'ENTRYPOINT ["/bin/sh", "-c", "{entrypoint}", "--"]'] if entrypoint else [])
    container.commit(repository, tag, changes="\n".join(lines))
    container.remove(v=True)
    registry.push(created.place, running.partition("@")[0], f"{repository}:{tag}", print)
    client.images.remove(f"{repository}:{tag}")


def _changed(client: docker.DockerClient, image: Any, script: str) -> Any:
    container = client.containers.create(image.id, ["-c", script], entrypoint="/bin/sh", user="0")
    container.start()
    ended = container.wait()
    assert ended["StatusCode"] == 0, container.logs()
    return container
