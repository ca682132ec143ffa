"""Berth's own side of the comparison: the image, and a site of it."""

import http.client
import os
from pathlib import Path

from bench.applications import Application
from bench.served import Served
from ops import images
from ops.place import Place
from tests.image.conftest import IMAGES, KINDS, built
from tests.image.containers import docker
from tests.image.site import Database

WORKERS = 4
PORT = 8080


def image(app: str) -> str:
    """Return the image that BERTH_BENCH_IMAGE_<APP> names, else that of the present inputs."""
    given = os.environ.get(f"BERTH_BENCH_IMAGE_{app.upper()}")
    return given or built(IMAGES[app], images.base(Place.of("local"), print))


class Ours:
    """A site of our image with the content that both sides get."""

    def __init__(self, app: Application, database: Database, content: Path) -> None:
        self.app, self.content = app, content
        self.image = image(app.name)
        self.site = KINDS[app.name](self.image, database)

    def install(self) -> None:
        """Make the site and import the content."""
        self.site.install()
        importer = self.create()
        importer.start(http.client.NOT_FOUND)
        docker("exec", importer.container, "entrypoint", *self.app.importer)
        importer.remove()

    def create(self, **environment: str) -> Served:
        """Create a container that serves the site; PAGE_CACHE_SECONDS=0 is the one without page cache."""
        workers = {"PHP_WORKERS": str(WORKERS)}
        name = self.site.create("serve", "--volume", f"{self.content}:/content:ro", **workers, **environment)
        return Served(name, PORT, self.app.path, self.app.host)

    def close(self) -> None:
        """Remove what the site has."""
        self.site.close()
