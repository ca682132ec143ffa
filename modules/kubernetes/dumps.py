"""Dumps of a site's database in the cluster, by schedule."""

from dataclasses import dataclass

from modules.kubernetes.manifest import Manifest, manifest
from modules.kubernetes.mariadb import ROOT_PASSWORD, MariaDb, container, pod

FOLDER = "/dumps"
SCRIPT = """\
set -Eeuo pipefail
umask 0077
name="$(date -u +%Y%m%dT%H%M%SZ).sql.gz"
MYSQL_PWD="$(<"$PASSWORD_FILE")"
export MYSQL_PWD
mariadb-dump --host="$DATABASE_HOST" --user=root --single-transaction --quick --routines --events \\
  --databases "$DATABASE_NAME" | gzip >"/dumps/.$name"
mv "/dumps/.$name" "/dumps/$name"
find /dumps -name '*.sql.gz' -not -name '.*' -printf '%f\\n' | sort -r | tail -n "+$((KEEP + 1))" |
  while read -r old; do rm "/dumps/$old"; done
"""
"""A dump is there whole or not at all; the oldest go."""


@dataclass(frozen=True, kw_only=True)
class Dumps:
    """When the schema is dumped, in cron's words and in UTC; how many dumps are kept, on how large a volume."""

    schema: str
    schedule: str = "17 3 * * *"
    keep: int = 14
    storage_gib: int = 20


def dump_objects(database: MariaDb, dumps: Dumps) -> list[Manifest]:
    """Return the volume of the dumps, and the CronJob that makes them."""
    claim = manifest("v1", "PersistentVolumeClaim", database.metadata("-dumps"), spec=database.claim(dumps.storage_gib))
    return [claim, _cron_job(database, dumps)]


def _cron_job(database: MariaDb, dumps: Dumps) -> Manifest:
    settings = {
        "DATABASE_HOST": database.name,
        "DATABASE_NAME": dumps.schema,
        "KEEP": str(dumps.keep),
        "PASSWORD_FILE": ROOT_PASSWORD,
    }
    dumping = {
        **container(database, "dump", "dumps", FOLDER),
        "command": ["bash", "-c", SCRIPT],
        "env": [{"name": name, "value": value} for name, value in settings.items()],
        "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
    }
    spec = pod(database, dumping) | {"restartPolicy": "Never"}
    spec["volumes"] += [{"name": "dumps", "persistentVolumeClaim": {"claimName": f"{database.name}-dumps"}}]
    job = {"backoffLimit": 2, "template": {"metadata": {"labels": database.labels("dump")}, "spec": spec}}
    return manifest(
        "batch/v1",
        "CronJob",
        database.metadata("-dump"),
        spec={
            "concurrencyPolicy": "Forbid",
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {"spec": job},
            "schedule": dumps.schedule,
            "successfulJobsHistoryLimit": 1,
            "timeZone": "Etc/UTC",
        },
    )
