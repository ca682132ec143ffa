"""Let RDS make and keep the master password of an instance, in a secret of its own.

MiniStack 1.5.33 does so for clusters only. Unnecessary once CreateDBInstance and ModifyDBInstance know
ManageMasterUserPassword.
"""

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import rds, secretsmanager

from local.adapter._patching import Function, around

Parameters = dict[str, Any]
Instance = dict[str, Any]


def install() -> None:
    """Create, describe and delete the secret along with the instance."""
    around(rds, "_create_db_instance_impl")(_create)
    around(rds, "_delete_db_instance_impl")(_delete)
    around(rds, "_instance_xml")(_describe)


def _create(original: Function, parameters: Parameters) -> tuple:
    if rds._p(parameters, "ManageMasterUserPassword") != "true":
        return original(parameters)
    if rds._p(parameters, "MasterUserPassword"):
        message = "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."
        return rds._error("InvalidParameterCombination", message, 400)
    identifier = rds._p(parameters, "DBInstanceIdentifier")
    existed = identifier in rds._instances
    password = rds._generate_master_user_password()
    answer = original({**parameters, "MasterUserPassword": [password]})
    instance = rds._instances.get(identifier)
    if existed or not instance:
        return answer
    instance["MasterUserSecret"] = _secret(instance, password, rds._p(parameters, "MasterUserSecretKmsKeyId"))
    return rds._single_instance_response("CreateDBInstanceResponse", "CreateDBInstanceResult", instance)


def _secret(instance: Instance, password: str, key: str) -> dict[str, str]:
    arn = secretsmanager.create_secret_in_process(
        f"rds!{instance['DbiResourceId'].lower()}-{new_uuid()}",
        json.dumps({"username": instance["MasterUsername"], "password": password}),
        description=f"Secret managed by RDS for DB instance {instance['DBInstanceIdentifier']}",
    )
    default_key = f"arn:aws:kms:{get_region()}:{get_account_id()}:key/aws-secretsmanager-default"
    return {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": key or default_key}


def _delete(original: Function, parameters: Parameters) -> tuple:
    instance = rds._resolve_instance(rds._p(parameters, "DBInstanceIdentifier"))
    answer = original(parameters)
    secret = (instance or {}).get("MasterUserSecret")
    if secret and instance["DBInstanceIdentifier"] not in rds._instances:
        secretsmanager.delete_secret_in_process(secret["SecretArn"])
    return answer


def _describe(original: Function, instance: Instance) -> str:
    secret = instance.get("MasterUserSecret")
    if not secret:
        return original(instance)
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in secret.items())
    return f"{original(instance)}<MasterUserSecret>{fields}</MasterUserSecret>"
