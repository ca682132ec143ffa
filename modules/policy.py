"""IAM policy documents as JSON, and roles made of them."""

import json
from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

VERSION = "2012-10-17"


def allow(actions: Sequence[str], resources: Sequence[str], **extra: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a statement that allows `actions` on `resources`; `extra` holds Sid, Condition or Principal."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources), **extra}


def document(*statements: dict[str, Any], **extra: str) -> str:
    """Return a policy document of `statements` as JSON; `extra` may hold its Id."""
    return json.dumps({"Version": VERSION, **extra, "Statement": list(statements)})


def trust(service: str, **condition: Any) -> str:  # noqa: ANN401 - JSON
    """Return the document that lets the AWS service `service` (`ecs-tasks`, `ec2` …) take a role on."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
    }
    return document(statement | ({"Condition": condition} if condition else {}))


class Role(Construct):
    """An IAM role called `name` that `service` takes on, with one inline policy of `statements`.

    Without statements there is no policy. `role`, `arn` and `name` are its attributes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        service: str,
        statements: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__(scope, id)
        self.role = IamRole(self, "role", name=name, assume_role_policy=trust(service), tags={"Name": name})
        self.policy = None
        if statements:
            self.policy = IamRolePolicy(self, "policy", name=name, role=self.role.name, policy=document(*statements))
        self.arn = self.role.arn
        self.name = self.role.name
