"""Where a service runs: pure data."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a service runs: the cluster, its network, and the load balancer in front."""

    cluster_name: str
    cluster_arn: str
    capacity_provider: str
    vpc_id: str
    subnet_ids: Sequence[str]
    listener_arn: str
    load_balancer_security_group_id: str
