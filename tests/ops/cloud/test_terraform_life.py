import json
import os
import signal
from pathlib import Path

import pytest

from local import cloud
from ops import apply, bootstrap, destroy, plan, plans, state, synth
from ops.errors import OpsError
from ops.place import Place
from ops.sweep import left
from ops.sweep.kind import Scope
from ops.synth import Stack
from ops.view import View

pytestmark = pytest.mark.cloud
Stacks = dict[str, Stack]


def test_bootstrap_is_safe_to_repeat(place: Place) -> None:
    """The bucket keeps versions, encrypts, is closed to the public and answers by TLS alone, made once or twice."""
    with View("test") as view:
        bootstrap.bootstrap(place, view)
    s3, bucket = place.client("s3"), place.config.state.bucket
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_life_of_an_environment(place: Place, stacks: Stacks, capfd: pytest.CaptureFixture[str]) -> None:
    """Plan, apply, an empty plan, the cloud killed, a stack that left the settings, and nothing left at the end."""
    assert plan.plan_all(place) is True
    printed = capfd.readouterr().out
    assert "aws_vpc.vpc will be created" in printed
    assert "cluster: deferred, base has not been applied yet" in printed

    _change_settings(stacks["base"])
    with pytest.raises(OpsError, match="base: the settings changed since its plan was made"):
        plans.reviewed(place, stacks.values())

    synth.synthesize(place)
    apply.apply_all(place)
    assert state.holds_resources(place, "base")
    assert not state.holds_resources(place, "cluster"), "it was deferred, not reviewed"
    assert plans.reviewed(place, stacks.values()) == ()

    apply.apply_all(place)
    assert state.holds_resources(place, "cluster")
    assert plan.plan_all(place) is False

    _kill_cloud(place)
    apply.apply_all(place)
    assert plan.plan_all(place) is False

    _leave_out_of_settings(place, "cluster")
    destroy.destroy_all(place, everything=True)
    assert left(place, Scope("local")) == ()
    assert not bootstrap.exists(place)


def _change_settings(stack: Stack) -> None:
    found = stack.configuration()
    found["resource"]["aws_vpc"]["vpc"]["cidr_block"] = "10.8.0.0/16"
    (stack.folder / synth.CONFIGURATION).write_text(json.dumps(found))


def _kill_cloud(place: Place) -> None:
    assert place.config.embedded_cloud is not None
    pid = int((place.home / "cloud" / "pid").read_text())
    os.kill(pid, signal.SIGKILL)
    cloud.start(place.home, place.config.embedded_cloud.port)


def _leave_out_of_settings(place: Place, stack: str) -> None:
    main = place.root / "main.py"
    text = Path(main).read_text()
    main.write_text(text.replace(f', "{stack}": ["base"]', ""))
    assert main.read_text() != text
