"""Snapshots of a site's database, taken before its schema changes."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from modules.naming import Naming
from ops.errors import OpsError
from ops.place import Place

KEPT = 3
"""Snapshots kept for each site; older ones of Berth's own are deleted when a new one is there."""
POLL_SECONDS = 5.0
DEADLINE_SECONDS = 7200.0
MARK = "-before-migration-"
"""What names of these snapshots hold; the last one of a database that was destroyed has another name."""


def take(place: Place, site: str, say: Callable[[str], None]) -> str:
    """Take a snapshot, wait until it can be restored, forget the oldest; its identifier. OpsError where it fails."""
    rds = place.client("rds")
    names = Naming(environment=place.env, site=site)
    identifier = f"{names.name}{MARK}{datetime.now(UTC):%Y%m%d-%H%M%S}"
    tags = names.tags(f"release-{site}") | {"Name": identifier}
    rds.create_db_snapshot(
        DBInstanceIdentifier=names.name,
        DBSnapshotIdentifier=identifier,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    _await(rds, site, identifier, say)
    _forget_oldest(rds, names.name)
    return identifier


def _await(rds: Any, site: str, identifier: str, say: Callable[[str], None]) -> None:  # noqa: ANN401 - a boto3 client
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        found = rds.describe_db_snapshots(DBSnapshotIdentifier=identifier)["DBSnapshots"][0]
        if found["Status"] == "available":
            return
        if found["Status"] == "failed":
            msg = f"{site}: the snapshot {identifier} failed; the schema was not changed"
            raise OpsError(msg)
        say(f"snapshot {identifier}: {found.get('PercentProgress', 0)} %")
        time.sleep(POLL_SECONDS)
    msg = f"{site}: the snapshot {identifier} was not done after {DEADLINE_SECONDS:.0f} s; the schema was not changed"
    raise OpsError(msg)


def _forget_oldest(rds: Any, name: str) -> None:  # noqa: ANN401 - a boto3 client
    found = rds.describe_db_snapshots(DBInstanceIdentifier=name, SnapshotType="manual")["DBSnapshots"]
    ours = sorted(each["DBSnapshotIdentifier"] for each in found if MARK in each["DBSnapshotIdentifier"])
    for identifier in ours[:-KEPT]:
        rds.delete_db_snapshot(DBSnapshotIdentifier=identifier)
