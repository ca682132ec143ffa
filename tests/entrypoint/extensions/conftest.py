"""Images and replicas by name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.entrypoint.extensions.replicas import Image, Replica, Tree

MakeReplica = Callable[..., Replica]


@pytest.fixture(scope="module")
def make_image(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Tree], Image]:
    """Build an image that brings a tree."""
    return lambda tree: Image.make(tmp_path_factory.mktemp("image"), tree)


@pytest.fixture
def replica(tmp_path: Path, make_image: Callable[[Tree], Image]) -> MakeReplica:
    """Start a container of an image, or of one made of a tree; all of a test share one volume."""

    def make(image: Image | Tree, name: str = "one") -> Replica:
        return Replica(image if isinstance(image, Image) else make_image(image), tmp_path / "files", tmp_path / name)

    return make
