"""The one way in which a site comes to run an image; every command that changes an image goes through `release`.

parameter → jobs stack → provision → migrate → site stack → the running digest is the wanted one; else all back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops import apply, parameter, plans, preparation, secrets, service
from ops.errors import OpsError
from ops.place import Place
from ops.synth import Stack
from ops.view import StepView, View


@dataclass(frozen=True, kw_only=True)
class Release:
    """One image on its way to one site; `stacks` are the synthesized ones, by name."""

    place: Place
    site: str
    image: str
    stacks: Mapping[str, Stack]
    view: View
    step: StepView
    start: bool

    @property
    def digest(self) -> str:
        """Digest of the wanted image."""
        return self.image.rpartition("@")[2]

    def apply(self, kind: str) -> Mapping[str, Any]:
        """Apply the site's stack of this kind (jobs or site) and return its outputs."""
        stack = self.stacks[f"{kind}-{self.site}"]
        # a plan that was kept before was made for another image
        plans.discard(self.place, stack.name)
        apply.stack_step(self.place, stack, self.view)
        return self.outputs(kind)

    def outputs(self, kind: str) -> Mapping[str, Any]:
        """Return the outputs of the site's stack of this kind; empty before it was applied."""
        return preparation.outputs(self.place, f"{kind}-{self.site}")


def release(
    place: Place, site: str, image: str, stacks: Mapping[str, Stack], view: View, *, start: bool = True
) -> None:
    """Make `site` run `image` (repository@digest); OpsError when it does not, with everything put back.

    `start=False`, where nothing can run a container: the stacks are applied, no task is run and none is awaited.
    """
    with view.step(f"release-{site}") as step:
        if start:
            secrets.require(place, site)
        work = Release(place=place, site=site, image=image, stacks=stacks, view=view, step=step, start=start)
        previous = parameter.read(place, site)
        parameter.write(place, site, image)
        try:
            _roll_out(work, previous)
        except OpsError as error:
            undone = _put_back(work, previous)
            msg = f"{site}: the release of {image} failed; {undone}\n{error}"
            raise OpsError(msg) from error


def _roll_out(work: Release, previous: str | None) -> None:
    before = work.outputs("jobs")
    jobs = work.apply("jobs")
    changed = before != jobs or previous != work.image
    if work.start and (changed or not preparation.is_running(work.place, work.site, work.image)):
        preparation.run(work.place, work.site, jobs, work.step.say)
    work.step.say("rolling out")
    site = work.apply("site")
    if work.start:
        _verify(work, site)


def _verify(work: Release, outputs: Mapping[str, Any]) -> None:
    now = service.settled(work.place, outputs["cluster_name"], outputs["service_name"], work.step.say)
    if now is not None and now.rollout == "COMPLETED" and now.runs(work.digest):
        return
    state = "ECS rolled it back" if now and now.rollout == "COMPLETED" else "its tasks do not stay up"
    raise OpsError("\n".join((state, *service.why_stopped(work.place, work.site, outputs))))


def _put_back(work: Release, previous: str | None) -> str:
    """Restore the parameter, and the stacks that read it; say what came of it."""
    work.step.say("putting the former image back")
    parameter.restore(work.place, work.site, previous)
    if previous is None:
        return "there is no former image to put back"
    if previous == work.image:
        return "the site was on this image before"
    try:
        for kind in ("jobs", "site"):
            work.apply(kind)
    except OpsError as error:
        return f"putting {previous} back failed too, run make apply: {error}"
    return f"{previous} is back"
