import io
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import state
from ops.errors import OpsError
from ops.place import Place
from tests.conftest import make_config

VPC = {"mode": "managed", "type": "aws_vpc", "name": "vpc", "instances": [{"attributes": {"id": "vpc-1"}}]}
SUBNETS = {
    "mode": "managed",
    "type": "aws_subnet",
    "name": "subnet",
    "instances": [
        {"index_key": 0, "attributes": {}},
        {"index_key": "b", "attributes": {}, "status": "tainted"},
    ],
}
DATA = {"mode": "data", "type": "aws_region", "name": "region", "instances": [{"attributes": {}}]}
GONE = {"mode": "managed", "type": "aws_eip", "name": "eip", "instances": []}


class Bucket:
    """Objects by key."""

    def __init__(self, **objects: Any) -> None:
        self.objects = objects

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803, ARG002 - AWS's spelling
        """Give what is known, or S3's own error."""
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps(self.objects[Key]).encode())}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a place whose bucket holds the state of `base` alone."""
    place = Place("test", tmp_path, tmp_path, make_config())
    found = {"resources": [VPC, DATA], "outputs": {"vpc_id": {"value": "vpc-1", "type": "string"}}}
    place._clients["s3"] = Bucket(**{"test/base.tfstate": found})
    return place


def test_outputs_come_from_the_state(place: Place) -> None:
    """No terraform is needed to read what a stack published."""
    assert state.outputs(place, "base") == {"vpc_id": "vpc-1"}


def test_outputs_of_a_stack_that_was_never_applied(place: Place) -> None:
    """The sentence says what to run."""
    with pytest.raises(OpsError, match="cluster: has not been applied yet; run `make apply ENV=test`"):
        state.outputs(place, "cluster")


def test_data_sources_are_no_resources(place: Place) -> None:
    """A state that only read something is empty."""
    assert state.holds_resources(place, "base")
    place.client("s3").objects["test/base.tfstate"]["resources"] = [DATA, GONE]
    assert not state.holds_resources(place, "base")
    assert not state.holds_resources(place, "cluster")


def test_addresses_with_their_keys() -> None:
    """Numbers and texts as keys are written as terraform takes them."""
    found = {"resources": [VPC, SUBNETS, DATA, GONE]}
    assert state.addresses(found) == ["aws_vpc.vpc", "aws_subnet.subnet[0]", 'aws_subnet.subnet["b"]']
    assert state.addresses(found, tainted=True) == ['aws_subnet.subnet["b"]']
