"""Remove what Berth keeps on this machine, the embedded cloud first; the virtual environment and images stay."""

import shutil

from local import cloud
from ops import images
from ops.errors import OpsError
from ops.place import Place


def remove_cloud(place: Place) -> None:
    """Stop the embedded cloud and remove its containers, networks, volumes and state."""
    if place.config.embedded_cloud is not None:
        cloud.remove(place.home, place.config.embedded_cloud.port)


def clean(place: Place) -> None:
    """Remove the embedded cloud, the working folder and what synthesis wrote."""
    if place.root.is_relative_to(place.home):
        msg = f"BERTH_HOME: holds the project itself, got {place.home}; name a folder of its own"
        raise OpsError(msg)
    remove_cloud(place)
    images.forget_packages(place)
    for folder in (place.home, place.output):
        shutil.rmtree(folder, ignore_errors=True)
