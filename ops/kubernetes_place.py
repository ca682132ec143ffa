"""Where a command for a Kubernetes environment works: the project, its working folder, the environment's settings."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from modules.kubernetes_settings import KubernetesConfig
from modules.settings_file import SettingsError, kubernetes_environment
from ops.errors import OpsError
from ops.place import PROJECT


@dataclass(frozen=True)
class KubernetesPlace:
    """One environment on Kubernetes, of one copy of the project."""

    env: str
    root: Path
    home: Path
    config: KubernetesConfig

    @classmethod
    def of(cls, env: str, root: Path = PROJECT) -> Self:
        """Read `environments/<env>.yaml`; BERTH_HOME overrides the working folder. OpsError where it is wrong."""
        folder = os.environ.get("BERTH_ENVIRONMENTS") or root / "environments"
        home = Path(os.environ.get("BERTH_HOME") or root / ".berth").resolve()
        try:
            return cls(env, root, home, kubernetes_environment(env, folder=Path(folder)))
        except SettingsError as error:
            raise OpsError(str(error)) from error

    @property
    def work(self) -> Path:
        """Folder for what belongs to this environment alone."""
        return self.home / self.env

    @property
    def architecture(self) -> str:
        """Processor of the containers."""
        return self.config.kubernetes.architecture

    @property
    def signing_key(self) -> str | None:
        """Key that cosign signs pushed images with."""
        return self.config.images.signing_key

    def process_environment(self) -> dict[str, str]:
        """Environment of the tools: the command's own."""
        return dict(os.environ)
