"""Images on their way to sites: build, push, release, as steps that create-all, build and mediawiki share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from modules.contract import Image
from modules.site_image import site_image
from ops import apply, images, registry, sbom, signature, state, version
from ops.errors import OpsError
from ops.graph import Step
from ops.place import Place
from ops.preparation import NO_IMAGE
from ops.release import release
from ops.synth import Stack
from ops.view import StepView, View


@dataclass
class Delivery:
    """One version for some sites of a place; images are known by their local names.

    `sites`: names of the sites it goes to.
    """

    place: Place
    version: str
    stacks: Mapping[str, Stack]
    view: View
    sites: tuple[str, ...]
    containers: bool = True
    pushed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, place: Place, wanted: str, stacks: Mapping[str, Stack], view: View, app: str | None = None
    ) -> "Delivery":
        """Deliver version `wanted`, or where that is empty the one of the files as they are, to the sites of `app`."""
        chosen = version.checked(wanted) if wanted else version.current(place.root)
        sites = tuple(name for name, site in place.config.sites.items() if app in {None, site.app})
        return cls(place, chosen, stacks, view, sites, images.daemon() is not None)

    def build_steps(self) -> tuple[Step, ...]:
        """Make the registry, build, push."""
        step = Step("registry", frozenset(), lambda: apply.stack_step(self.place, self.stacks["registry"], self.view))
        return (step, *self.image_steps(frozenset({"registry"})))

    def all_steps(self) -> tuple[Step, ...]:
        """Build, push, release to every site."""
        return (
            *self.image_steps(frozenset()),
            *self.release_steps({site: {"push"} for site in self.sites}),
        )

    def image_steps(self, registry_step: frozenset[str]) -> tuple[Step, Step]:
        """Build and push; only the push waits for the registry."""
        return Step("image", frozenset(), self.build), Step("push", registry_step | {"image"}, self.push)

    def release_steps(self, needs: Mapping[str, Iterable[str]]) -> tuple[Step, ...]:
        """Release to every site; `needs` by site."""
        return tuple(
            Step(f"release-{site}", frozenset(needs[site]), partial(self.release, site)) for site in self.sites
        )

    def require_containers(self) -> None:
        """Raise OpsError where nothing can build an image."""
        if not self.containers:
            msg = "no Docker daemon answers, so no image can be built; run make setup to see why"
            raise OpsError(msg)

    def require_sites(self, app: str) -> None:
        """Raise OpsError where no site has this application."""
        if not self.sites:
            msg = f"environments/{self.place.env}.yaml: sites: none has the application {app}; add one with app: {app}"
            raise OpsError(msg)

    def build(self) -> None:
        """Build the base image and the application images, except what the registry holds already."""
        missing = [image for image in self._wanted() if self._known(image) is None]
        if not missing or not self.containers:
            return
        with self.view.step("image") as step:
            base = images.base(self.place, step.say)
            for image in missing:
                images.build(self.place, images.recipe(self.place, self.version, image, base), step.say)

    def push(self) -> None:
        """Push what was built; every image is known by its digest afterwards."""
        uris: Mapping[str, str] = state.outputs(self.place, "registry")["repository_urls"]
        with self.view.step("push") as step:
            for image in self._wanted():
                uri, reference, found = uris[image.app], self._reference(image), self._known(image)
                if found is None:
                    found = self._push(uri, reference, step) if self.containers else NO_IMAGE
                self.pushed[reference] = f"{uri}@{found}"

    def _push(self, uri: str, reference: str, step: StepView) -> str:
        found = registry.push(self.place, uri, reference, step.say)
        signature.sign(self.place, f"{uri}@{found}", sbom.file(images.bills(self.place), reference))
        return found

    def release(self, site: str) -> None:
        """Release the site's image to it."""
        image = self.pushed[self._reference(self._image(site))]
        release(self.place, site, image, self.stacks, self.view, start=self.containers)

    def _wanted(self) -> list[Image]:
        """List the images of the sites, each once."""
        wanted = map(self._image, self.sites)
        return list({self._reference(image): image for image in wanted}.values())

    def _image(self, site: str) -> Image:
        config = self.place.config
        return site_image(config.sites[site]).on(config.cluster.architecture)

    def _reference(self, image: Image) -> str:
        return f"{images.repository(image.app)}:{version.tag(self.version, image)}"

    def _known(self, image: Image) -> str | None:
        return registry.digest(self.place, images.repository(image.app), version.tag(self.version, image))
