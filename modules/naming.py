"""The one convention for names and tags."""

from dataclasses import dataclass

SHARED_STACKS = ("registry",)
"""Stacks that all environments of an account share."""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """Names of an environment's resources; `berth-<environment>` and `berth-<environment>-<site>`."""

    environment: str
    site: str | None = None

    @property
    def name(self) -> str:
        """Name of a resource; at most 31 characters, as target groups and load balancers take no more than 32."""
        return "-".join(part for part in ("berth", self.environment, self.site) if part)

    @property
    def path(self) -> str:
        """Path of a resource that has one (secrets, log groups, parameters), without a leading slash."""
        return "/".join(part for part in ("berth", self.environment, self.site) if part)

    @property
    def image_parameter(self) -> str:
        """SSM parameter that holds the image a site runs, `<repository>@sha256:<digest>`."""
        return f"/{self.path}/image"

    @property
    def log_group(self) -> str:
        """CloudWatch log group of a site."""
        return f"/{self.path}"

    def state_key(self, stack: str) -> str:
        """Return the key of a stack's state in the state bucket."""
        return f"{'shared' if stack in SHARED_STACKS else self.environment}/{stack}.tfstate"

    def of_site(self, site: str) -> "Naming":
        """Return the names of one site in this environment."""
        return Naming(environment=self.environment, site=site)

    def tags(self, stack: str) -> dict[str, str]:
        """Return the tags that everything in `stack` carries."""
        return {"berth:environment": self.environment, "berth:stack": stack}
