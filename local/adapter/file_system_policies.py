"""Give a file system's policy back as it was put.

MiniStack 1.5.33 adds an Id, which is a difference at every plan. Unnecessary once it does not.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.services import efs

from local.adapter._patching import around


def install() -> None:
    """Take the Id away that the caller did not give."""
    around(efs, "_put_file_system_policy")(_put)


def _put(original: Callable[..., Any], identity: str, body: dict[str, Any]) -> Any:
    answer = original(identity, body)
    system = efs._file_systems.get(identity) or {}
    stored = json.loads(system.get("FileSystemPolicy") or "{}")
    if stored and "Id" not in json.loads(body.get("Policy") or "{}"):
        stored.pop("Id", None)
        system["FileSystemPolicy"] = json.dumps(stored)
    return answer
