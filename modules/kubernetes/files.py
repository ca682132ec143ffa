"""The volume that a site's containers share."""

from modules.contract import FILES, Binding, Claim, Workload
from modules.kubernetes.manifest import Manifest, manifest, metadata
from modules.kubernetes.placement import Placement

SUFFIX = "-files"


def files_binding(name: str) -> Binding:
    """Return the mount that containers of the workload called `name` get of its shared files."""
    return Binding(mounts=(Claim(path=FILES, name=f"{name}{SUFFIX}"),))


def files_objects(workload: Workload, placement: Placement) -> list[Manifest]:
    """Return the claim."""
    storage = placement.storage
    spec = {
        "accessModes": [storage.access_mode],
        "resources": {"requests": {"storage": f"{storage.size_gib}Gi"}},
    }
    if storage.class_name is not None:
        spec["storageClassName"] = storage.class_name
    return [
        manifest(
            "v1", "PersistentVolumeClaim", metadata(workload, placement, component="files", suffix=SUFFIX), spec=spec
        )
    ]
