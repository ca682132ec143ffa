"""Stacks that have a state but are no longer in the settings, such as those of a site that was taken out."""

import json
from collections.abc import Iterable, Iterator

from ops.aws import listed
from ops.place import Place
from ops.synth import CONFIGURATION, Stack

SHARED = frozenset({"base", "cluster", "registry"})
SUFFIX = ".tfstate"


def former_stacks(place: Place, known: Iterable[Stack]) -> Iterator[Stack]:
    """Give each a folder with a backend and a provider and no resources: enough to destroy what its state holds."""
    stacks = {stack.name: stack for stack in known}
    names = {name for name in _with_state(place) if name not in stacks}
    model = next(iter(stacks.values()))
    for name in sorted(names):
        folder = place.work / "former" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CONFIGURATION).write_text(json.dumps(_configuration(place, model, name)))
        yield Stack(name, folder, (SHARED | _of_the_same_site(name)) - {name})


def _with_state(place: Place) -> Iterator[str]:
    prefix = f"{place.env}/"
    for item in listed(place, "s3", "list_objects_v2", "Contents", Bucket=place.config.state.bucket, Prefix=prefix):
        if item["Key"].endswith(SUFFIX):
            yield item["Key"].removeprefix(prefix).removesuffix(SUFFIX)


def _configuration(place: Place, model: Stack, name: str) -> dict[str, object]:
    found = model.configuration()
    terraform = found["terraform"]
    terraform["backend"]["s3"]["key"] = place.state_key(name)
    return {"terraform": terraform, "provider": found["provider"]}


def _of_the_same_site(name: str) -> frozenset[str]:
    kind, _, site = name.partition("-")
    return frozenset({"site": {f"data-{site}", f"jobs-{site}"}, "jobs": {f"data-{site}"}}.get(kind, ()))
