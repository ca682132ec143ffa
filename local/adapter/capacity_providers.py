"""Keep a capacity provider's managed draining.

MiniStack 1.5.33 loses it at creation: a difference at the second plan. Unnecessary once CreateCapacityProvider keeps
it.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import ecs

from local.adapter._patching import around_action

DEFAULT = "ENABLED"


def install() -> None:
    """Remember it at creation."""
    around_action(ecs, "CreateCapacityProvider")(_create)


def _create(original: Callable[..., Any], data: dict[str, Any]) -> Any:
    answer = original(data)
    made = ecs._capacity_providers.get(data.get("name", ""))
    if made and made["autoScalingGroupProvider"]["autoScalingGroupArn"]:
        wanted = data["autoScalingGroupProvider"].get("managedDraining", DEFAULT)
        made["autoScalingGroupProvider"].setdefault("managedDraining", wanted)
    return answer
