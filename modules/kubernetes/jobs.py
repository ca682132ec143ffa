"""What has to have happened before a site serves an image: a Job for each, named by everything that it is made of."""

from modules.contract import NEEDS_BACKUP, Job, Workload
from modules.kubernetes.container import container, pod, secret_files
from modules.kubernetes.manifest import Manifest, digest, labels, manifest, metadata
from modules.kubernetes.placement import Placement

DEADLINE_SECONDS = 3600
TRIES = 6


def job_objects(workload: Workload, placement: Placement) -> list[Manifest]:
    """Return the Jobs, in the order in which they work; a later one waits for what an earlier one makes."""
    return [_job(workload, placement, job) for job in workload.preparation]


def _job(workload: Workload, placement: Placement, job: Job) -> Manifest:
    env = [{"name": name, "value": value} for name, value in sorted((dict(job.env) | secret_files(job)).items())]
    spec = {
        **pod(workload, job, container(workload, job) | {"env": env}, pull_secret=placement.pull_secret),
        "restartPolicy": "Never",
    }
    # a Job cannot be changed, so a changed one needs another name
    suffix = f"-{job.name}-{digest(spec)}"
    return manifest(
        "batch/v1",
        "Job",
        metadata(workload, placement, component=job.name, suffix=suffix),
        spec={
            "activeDeadlineSeconds": DEADLINE_SECONDS,
            "backoffLimit": TRIES,
            # who asks for a backup is not helped by another try
            "podFailurePolicy": {
                "rules": [
                    {
                        "action": "FailJob",
                        "onExitCodes": {"containerName": job.name, "operator": "In", "values": [NEEDS_BACKUP]},
                    }
                ]
            },
            "template": {"metadata": {"labels": labels(workload, placement, job.name)}, "spec": spec},
        },
    )
