"""From a workload to the objects that run it: the one function behind every road into a cluster."""

from modules.contract import Workload
from modules.kubernetes.availability import availability_objects
from modules.kubernetes.deployment import COMPONENT, deployment_objects
from modules.kubernetes.files import files_objects
from modules.kubernetes.jobs import job_objects
from modules.kubernetes.manifest import Manifest, manifest, metadata
from modules.kubernetes.network_policy import network_policy_objects
from modules.kubernetes.placement import Placement
from modules.kubernetes.service import service_objects


def workload_objects(workload: Workload, placement: Placement) -> list[Manifest]:
    """Return the objects of `workload`, in an order in which each finds what it names.

    Not among them are Secrets: their values are no manifest's affair.
    """
    account = manifest(
        "v1",
        "ServiceAccount",
        metadata(workload, placement, component=COMPONENT),
        automountServiceAccountToken=False,
    )
    files = files_objects(workload, placement) if workload.serve.mounts else []
    return [
        account,
        *files,
        *network_policy_objects(workload, placement),
        *job_objects(workload, placement),
        *deployment_objects(workload, placement),
        *service_objects(workload, placement),
        *availability_objects(workload, placement),
    ]
