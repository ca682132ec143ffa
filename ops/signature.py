"""Signatures of pushed images: cosign's, with the key that the settings name."""

import shutil
import subprocess
from pathlib import Path

from ops.errors import OpsError
from ops.workshop import Workshop


def sign(place: Workshop, image: str, bill: Path | None) -> None:
    """Sign `image` (repository@digest) and attest its bill of materials; nothing without `images/signing_key`."""
    key = place.signing_key
    if key is None:
        return
    if shutil.which("cosign") is None:
        msg = f"environments/{place.env}.yaml: images/signing_key: needs cosign, which is not installed, got {key!r}"
        raise OpsError(msg)
    _cosign(place, "sign", "--key", key, image)
    if bill is not None:
        _cosign(place, "attest", "--key", key, "--type", "cyclonedx", "--predicate", str(bill), image)


def _cosign(place: Workshop, command: str, *arguments: str) -> None:
    done = subprocess.run(
        ["cosign", command, "--yes", *arguments],
        env=place.process_environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        msg = f"cosign {command} {arguments[-1]} failed with code {done.returncode}: {done.stderr.strip()}"
        raise OpsError(msg)
