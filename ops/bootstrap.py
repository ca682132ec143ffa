"""The bucket that holds Terraform's state: versioned, encrypted, closed to the public, and reached by TLS alone."""

import json
from typing import Any

from botocore.exceptions import ClientError

from ops.errors import OpsError
from ops.place import Place
from ops.view import View

STACK = "bootstrap"
"""What the bucket's tag `berth:stack` says; no stack of Terraform's holds it."""
KEEP_OLD_VERSIONS_DAYS = 90
CLOSED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


def bootstrap(place: Place, view: View) -> None:
    """Make the state bucket, or bring an existing one of ours to the same settings; safe to repeat."""
    with view.step("bootstrap") as line:
        line.say(f"state bucket {place.config.state.bucket}")
        _ensure(place)


def _ensure(place: Place) -> None:
    bucket = place.config.state.bucket
    s3 = place.client("s3")
    if not exists(place):
        s3.create_bucket(Bucket=bucket, **_location(place.config.region))
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration=encryption(place.config.state.kms_key_arn)
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(tls_only(bucket, place.config.region)))
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=lifecycle())
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": _tags(place, bucket)})


def exists(place: Place) -> bool:
    """Whether the state bucket is there; OpsError where it belongs to another account."""
    bucket = place.config.state.bucket
    try:
        place.client("s3").head_bucket(Bucket=bucket)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in {"404", "NoSuchBucket"}:
            return False
        if code == "403":
            msg = f"environments/{place.env}.yaml: state/bucket: belongs to somebody else, got {bucket}; choose another"
            raise OpsError(msg) from error
        raise
    return True


def encryption(key_arn: str | None) -> dict[str, Any]:
    """Encrypt with the customer's key where there is one, else with S3's own."""
    if key_arn is None:
        return {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]}


def tls_only(bucket: str, region: str) -> dict[str, Any]:
    """Deny every request that does not come by TLS; the embedded cloud on loopback speaks plain HTTP only."""
    arn = f"arn:{_partition(region)}:s3:::{bucket}"
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def lifecycle() -> dict[str, Any]:
    """Old versions of a state are of use for a while only."""
    rule = {
        "ID": "old-versions",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": KEEP_OLD_VERSIONS_DAYS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    return {"Rules": [rule]}


def remove(place: Place) -> None:
    """Empty and delete the state bucket, every version of every object included."""
    bucket = place.config.state.bucket
    s3 = place.client("s3")
    if not exists(place):
        return
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = page.get("Versions", []) + page.get("DeleteMarkers", [])
        objects = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in found]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    s3.delete_bucket(Bucket=bucket)


def _location(region: str) -> dict[str, Any]:
    # us-east-1 is the one region that must not be named
    return {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _tags(place: Place, bucket: str) -> list[dict[str, str]]:
    tags = {"Name": bucket, "berth:environment": place.env, "berth:stack": STACK}
    return [{"Key": key, "Value": value} for key, value in tags.items()]
