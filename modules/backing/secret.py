"""Secrets without values: what they hold is written outside of Terraform, so that no state ever knows it."""

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct


def empty_secret(
    scope: Construct,
    id: str,
    *,
    name: str,
    description: str,
    recovery_days: int = 30,
) -> SecretsmanagerSecret:
    """Return a Secrets Manager secret with no version; deleted, it can be brought back for `recovery_days` (0: not)."""
    return SecretsmanagerSecret(
        scope,
        id,
        name=name,
        description=description,
        recovery_window_in_days=recovery_days,
        tags={"Name": name},
    )
