"""Settings files of a site in S3, read by its containers with their own role.

Creates nothing: reads what the objects are, so that a changed one changes the task definition.
"""

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.data_aws_s3_object import DataAwsS3Object
from constructs import Construct

from modules.contract import Binding


def binding(scope: Construct, uris: Sequence[str], *, region: str) -> Binding:
    """Return what containers need to fetch `uris` (`s3://bucket/key`), which must exist, in this order."""
    if not uris:
        return Binding()
    files, arns = [], []
    for number, uri in enumerate(uris):
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        found = DataAwsS3Object(scope, f"config-{number}", bucket=bucket, key=key)
        files.append({"uri": uri, "etag": found.etag, "version": found.version_id})
        arns.append(f"arn:aws:s3:::{bucket}/{key}")
    return Binding(env={"CONFIG_FILES": json.dumps(files), "CONFIG_REGION": region}, readable=tuple(arns))
