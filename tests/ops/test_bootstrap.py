from ops import bootstrap


def test_own_encryption_without_a_key() -> None:
    """S3's own keys encrypt where the settings name none."""
    assert bootstrap.encryption(None) == {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}


def test_customers_key() -> None:
    """The key is named by its ARN, and asked for once a bucket instead of once an object."""
    (rule,) = bootstrap.encryption("arn:aws:kms:eu-west-1:1:key/a")["Rules"]
    assert rule == {
        "ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": "arn:aws:kms:eu-west-1:1:key/a",
        },
        "BucketKeyEnabled": True,
    }


def test_tls_alone_in_every_partition() -> None:
    """The policy denies all plain requests to the bucket and its objects, in China and GovCloud too."""
    (statement,) = bootstrap.tls_only("b", "cn-north-1")["Statement"]
    assert statement["Resource"] == ["arn:aws-cn:s3:::b", "arn:aws-cn:s3:::b/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert bootstrap.tls_only("b", "us-gov-west-1")["Statement"][0]["Resource"][0] == "arn:aws-us-gov:s3:::b"
    assert bootstrap.tls_only("b", "eu-west-1")["Statement"][0]["Resource"][0] == "arn:aws:s3:::b"
