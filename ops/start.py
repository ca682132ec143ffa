"""What comes before any work on a place: its embedded cloud runs, its state bucket is there, its stacks are written."""

from local import cloud
from ops import bootstrap, synth
from ops.errors import OpsError
from ops.place import Place
from ops.synth import Stack
from ops.view import View


def prepare(place: Place, view: View) -> dict[str, Stack]:
    """Start the embedded cloud, make the state bucket, synthesize; return the stacks by name."""
    with view.step("prepare") as step:
        if place.local:
            step.say("starting the embedded cloud")
            start_cloud(place)
        bootstrap.bootstrap(place, view)
        step.say("writing Terraform from the settings")
        return {stack.name: stack for stack in synth.synthesize(place)}


def start_cloud(place: Place) -> None:
    """Start the embedded cloud of a local place, with what it held before."""
    if place.config.embedded_cloud is not None:
        cloud.start(place.home, place.config.embedded_cloud.port)


def require_created(place: Place) -> None:
    """Have the embedded cloud run where one was made; OpsError where nothing was made yet."""
    if place.local and not (place.home / "cloud").is_dir():
        msg = f"nothing has been made in {place.env} yet; run make create-all first"
        raise OpsError(msg)
    start_cloud(place)
