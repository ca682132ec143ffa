"""What every stack has: its state in S3 with native locking, the AWS provider, and tags on everything."""

from typing import Any

from cdktf import S3Backend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct

from modules.config import Config
from modules.naming import Naming

# the embedded cloud has no metadata service and one account; its buckets have no host names of their own
_EMBEDDED = {
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "skip_requesting_account_id": True,
}


class Stack(TerraformStack):
    """A stack called `id` (`base`, `site-wiki` …) of the environment `config`."""

    def __init__(self, scope: Construct, id: str, config: Config) -> None:
        super().__init__(scope, id)
        self.config = config
        self.naming = Naming(environment=config.environment)
        backend = S3Backend(self, **backend_settings(config, id))
        for key, value in backend_overrides(config).items():
            backend.add_override(key, value)
        provider: dict[str, Any] = {"region": config.region}
        if config.account_id:
            provider["allowed_account_ids"] = [config.account_id]
        if config.local:
            provider |= {"s3_use_path_style": True, "skip_metadata_api_check": "true", "max_retries": 4}
        AwsProvider(self, "aws", default_tags=[AwsProviderDefaultTags(tags=self.naming.tags(id))], **provider)


def backend_settings(config: Config, stack: str) -> dict[str, Any]:
    """Return the S3 settings by which a stack writes its state and others read it."""
    settings: dict[str, Any] = {
        "bucket": config.state.bucket,
        "key": Naming(environment=config.environment).state_key(stack),
        "region": config.region,
        "encrypt": True,
    }
    if config.state.kms_key_arn:
        settings["kms_key_id"] = config.state.kms_key_arn
    return settings | (_EMBEDDED if config.local else {})


def backend_overrides(config: Config) -> dict[str, Any]:
    """Return what Terraform 1.11 knows of the S3 backend and cdktf 0.21 does not."""
    return {"use_lockfile": True} | path_style(config)


def path_style(config: Config) -> dict[str, Any]:
    """Return the setting that addresses buckets by path where they have no host names."""
    return {"use_path_style": True} if config.local else {}
