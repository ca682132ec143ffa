"""A blog of our WordPress image, beside the tests' wiki."""

from dataclasses import dataclass
from itertools import product

from tests.image.site import Site

_NAMES = ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE")
SALTS = [f"WORDPRESS_{name}_{kind}" for name, kind in product(_NAMES, ("KEY", "SALT"))]


@dataclass
class Blog(Site):
    """A site whose environment is WordPress'."""

    @property
    def secrets(self) -> dict[str, str]:
        """Secrets of all jobs, and those of serving."""
        database = {key: value for key, value in super().secrets.items() if key.startswith("DATABASE_")}
        return database | {name: f"canary-{name}-{self.name}" for name in SALTS}

    @property
    def job_secrets(self) -> dict[str, dict[str, str]]:
        """Secrets that only one job gets."""
        admin = {"WORDPRESS_ADMIN_USER": "admin", "WORDPRESS_ADMIN_PASSWORD": self.admin_password}
        return super().job_secrets | {"migrate": admin}

    def environment(self, job: str) -> dict[str, str]:
        """Return the environment a job gets from the platform."""
        shared = {key: value for key, value in super().environment(job).items() if not key.startswith("MEDIAWIKI_")}
        return shared | {"WORDPRESS_URL": "http://blog.test:8080", "WORDPRESS_TITLE": "Test"}
