"""What building and signing an image needs to know of a place, whatever the sites run on."""

from pathlib import Path
from typing import Protocol


class Workshop(Protocol):
    """Where images are built, for which processor, and with which environment the tools run."""

    @property
    def env(self) -> str:
        """Name of the environment."""

    @property
    def root(self) -> Path:
        """The project."""

    @property
    def home(self) -> Path:
        """Working folder of this copy of the project."""

    @property
    def work(self) -> Path:
        """Folder for what belongs to this environment alone."""

    @property
    def architecture(self) -> str:
        """Processor of the containers: x86_64 or arm64."""

    @property
    def signing_key(self) -> str | None:
        """Key that cosign signs pushed images with."""

    def process_environment(self) -> dict[str, str]:
        """Environment of the tools."""
