"""Where a command works: the project, its working folder, one environment's settings and cloud."""

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Self

import boto3
from botocore.config import Config as BotoConfig

from local import cloud
from modules.config import Config
from modules.naming import Naming
from modules.settings_file import SettingsError, environment
from ops.errors import OpsError

PROJECT = Path(__file__).resolve().parent.parent
QUIET = {
    "CHECKPOINT_DISABLE": "1",
    "TF_IN_AUTOMATION": "1",
    "TF_INPUT": "0",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
}
FOREIGN = ("TF_PLUGIN_CACHE_DIR", "TF_DATA_DIR", "TF_WORKSPACE", "TF_LOG")
"""Variables that would send terraform elsewhere or mix its log into the JSON lines."""
FOREIGN_ON_LOCAL = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")
"""Variables that would send the credentials of a real account to the embedded cloud."""
FOREIGN_ON_AWS = ("BERTH_PORT",)
"""Variables that would move a real environment to the embedded cloud."""

DIRECT = BotoConfig(proxies={}, retries={"total_max_attempts": 3})
"""The embedded cloud is on this machine: no proxy lies between, and an answer that fails stays failed."""


@dataclass(frozen=True)
class Place:
    """One environment of one copy of the project."""

    env: str
    root: Path
    home: Path
    config: Config
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _making_client: Lock = field(default_factory=Lock, repr=False, compare=False)

    @classmethod
    def of(cls, env: str, root: Path = PROJECT) -> Self:
        """Read `environments/<env>.yaml`; BERTH_HOME and BERTH_PORT override the working folder and the port."""
        return cls(env, root, Path(os.environ.get("BERTH_HOME") or root / ".berth").resolve(), _settings(env, root))

    @property
    def local(self) -> bool:
        """Whether the embedded cloud takes AWS's place."""
        return self.config.local

    @property
    def architecture(self) -> str:
        """Processor of the containers."""
        return self.config.cluster.architecture

    @property
    def signing_key(self) -> str | None:
        """Key that cosign signs pushed images with."""
        return self.config.images.signing_key

    @property
    def work(self) -> Path:
        """Folder for what belongs to this environment alone: plans, journal, terraform's logs."""
        return self.home / self.env

    @property
    def output(self) -> Path:
        """Folder that synthesis writes: BERTH_OUT, else cdktf.out in the project."""
        return Path(os.environ.get("BERTH_OUT") or self.root / "cdktf.out").resolve()

    @property
    def terraformrc(self) -> Path:
        """Terraform's own settings, written by Berth."""
        return self.home / "terraformrc"

    @property
    def terraform(self) -> str:
        """The terraform program: BERTH_TERRAFORM, else the one that set-up downloaded, else the one on PATH."""
        downloaded = self.home / "bin" / "terraform"
        return os.environ.get("BERTH_TERRAFORM") or (str(downloaded) if downloaded.is_file() else "terraform")

    def state_key(self, stack: str) -> str:
        """Key of the stack's state in the state bucket."""
        return Naming(environment=self.env).state_key(stack)

    def process_environment(self) -> dict[str, str]:
        """Environment of every child process."""
        kept = {name: value for name, value in os.environ.items() if name not in self._foreign}
        return (
            kept
            | self._cloud_environment
            | QUIET
            | {
                "BERTH_ENV": self.env,
                "BERTH_HOME": str(self.home),
                "BERTH_OUT": str(self.output),
                "TF_CLI_CONFIG_FILE": str(self.terraformrc),
            }
        )

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """Client of an AWS service, the embedded cloud's on `local`; made once and shared by threads."""
        with self._making_client:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service,
                    endpoint_url=self._cloud_environment.get("AWS_ENDPOINT_URL"),
                    config=DIRECT if self.local else None,
                )
            return self._clients[service]

    @cached_property
    def _session(self) -> boto3.Session:
        return boto3.Session(
            aws_access_key_id=self._cloud_environment.get("AWS_ACCESS_KEY_ID"),
            aws_secret_access_key=self._cloud_environment.get("AWS_SECRET_ACCESS_KEY"),
            region_name=self.config.region,
        )

    @cached_property
    def _cloud_environment(self) -> dict[str, str]:
        if self.config.embedded_cloud is None:
            return {"AWS_REGION": self.config.region, "AWS_DEFAULT_REGION": self.config.region}
        port = self.config.embedded_cloud.port
        return cloud.environment(port) | {"BERTH_PORT": str(port)}

    @property
    def _foreign(self) -> tuple[str, ...]:
        return FOREIGN + (FOREIGN_ON_LOCAL if self.local else FOREIGN_ON_AWS)


def _settings(env: str, root: Path) -> Config:
    folder = Path(os.environ.get("BERTH_ENVIRONMENTS") or root / "environments")
    port = os.environ.get("BERTH_PORT") or "0"
    if not port.isdecimal():
        raise OpsError(f"BERTH_PORT: must be a port number, got {port!r}")
    try:
        return environment(env, folder=folder, port=int(port) or None)
    except SettingsError as error:
        raise OpsError(str(error)) from error
