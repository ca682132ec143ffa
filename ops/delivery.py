"""Images on their way to sites: build, push, release, as steps that create-all, build and mediawiki share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from ops import apply, images, registry, state, version
from ops.errors import OpsError
from ops.graph import Step
from ops.place import Place
from ops.release import release
from ops.synth import Stack
from ops.view import View

NO_IMAGE = f"sha256:{'0' * 64}"
"""Digest of no image: what a site is given where nothing can build one or run it."""

Extensions = tuple[str, ...]


@dataclass
class Delivery:
    """One version for the sites of a place; images are known by the extensions baked into them."""

    place: Place
    version: str
    stacks: Mapping[str, Stack]
    view: View
    containers: bool = True
    built: dict[Extensions, str] = field(default_factory=dict)
    images: dict[Extensions, str] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place, wanted: str, stacks: Mapping[str, Stack], view: View) -> "Delivery":
        """Deliver version `wanted`, or where that is empty the one of the files as they are."""
        chosen = version.checked(wanted) if wanted else version.current(place.root)
        return cls(place, chosen, stacks, view, images.daemon() is not None)

    def build_steps(self) -> tuple[Step, ...]:
        """Make the registry, build, push."""
        step = Step("registry", frozenset(), lambda: apply.stack_step(self.place, self.stacks["registry"], self.view))
        return (step, *self.image_steps(frozenset({"registry"})))

    def all_steps(self) -> tuple[Step, ...]:
        """Build, push, release to every site."""
        return (
            *self.image_steps(frozenset()),
            *self.release_steps({site: {"push"} for site in self.place.config.sites}),
        )

    def image_steps(self, registry_step: frozenset[str]) -> tuple[Step, Step]:
        """Build and push; only the push waits for the registry."""
        return Step("image", frozenset(), self.build), Step("push", registry_step | {"image"}, self.push)

    def release_steps(self, needs: Mapping[str, Iterable[str]]) -> tuple[Step, ...]:
        """Release to every site; `needs` by site."""
        return tuple(
            Step(f"release-{site}", frozenset(needs[site]), partial(self.release, site))
            for site in self.place.config.sites
        )

    def require_containers(self) -> None:
        """Raise OpsError where nothing can build an image."""
        if not self.containers:
            msg = "no Docker daemon answers, so no image can be built; run make setup to see why"
            raise OpsError(msg)

    def build(self) -> None:
        """Build the base image and the application images, except what the registry holds already."""
        missing = [baked for baked in self._wanted() if self._known(baked) is None]
        if not missing or not self.containers:
            return
        with self.view.step("image") as step:
            base = images.base(self.place, step.say)
            for baked in missing:
                recipe = images.recipe(self.place, self.version, baked, base)
                self.built[baked] = images.build(self.place, recipe, step.say)

    def push(self) -> None:
        """Push what was built; every image is known by its digest afterwards."""
        uri = self._repository()
        with self.view.step("push") as step:
            for baked in self._wanted():
                found = self._known(baked)
                if found is None:
                    found = registry.push(self.place, uri, self.built[baked], step.say) if self.containers else NO_IMAGE
                self.images[baked] = f"{uri}@{found}"

    def release(self, site: str) -> None:
        """Release the site's image to it."""
        image = self.images[self.place.config.sites[site].extensions]
        release(self.place, site, image, self.stacks, self.view, start=self.containers)

    def _wanted(self) -> list[Extensions]:
        return list(dict.fromkeys(site.extensions for site in self.place.config.sites.values()))

    def _known(self, baked: Extensions) -> str | None:
        return registry.digest(self.place, images.NAME, version.tag(self.version, baked))

    def _repository(self) -> str:
        uri: str = state.outputs(self.place, "registry")["repository_urls"]["mediawiki"]
        return uri
