"""Find a database by its resource id alone.

MiniStack 1.5.33 ignores the filter `dbi-resource-id` and answers with every instance: who waits for one to go, as
Terraform does, waits for all. Unnecessary once DescribeDBInstances knows the filter.
"""

from typing import Any

from ministack.services import rds

from local.adapter._patching import Function, around

FILTER = "dbi-resource-id"


def install() -> None:
    """Narrow the instances down before MiniStack's own filters do."""
    around(rds, "_apply_instance_filters")(_apply)


def _apply(original: Function, instances: list[dict[str, Any]], filters: dict[str, list[str]]) -> list[dict[str, Any]]:
    wanted = filters.get(FILTER)
    found = instances if wanted is None else [each for each in instances if each["DbiResourceId"] in wanted]
    return original(found, filters)
