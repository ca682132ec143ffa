"""From nothing to running sites: cloud, state bucket, stacks, images, releases. Run again after a crash, it goes on."""

import json
from collections.abc import Mapping
from functools import partial

from ops import apply, check, graph, plans, secrets, start, state
from ops.alone import alone
from ops.delivery import Delivery
from ops.graph import Step
from ops.place import Place
from ops.synth import Stack
from ops.timing import Clock
from ops.view import View

BY_RELEASE = ("jobs-", "site-")
"""Stacks that the release applies, once there is an image."""


def create_all(place: Place, wanted: str) -> str:
    """Make everything, release version `wanted` (empty: the files as they are) to every site; return the summary."""
    report = check.preflight(place)
    report.require()
    clock = Clock()
    with View(f"create-all {place.env}") as view, alone(place, "all", "create-all"):
        for remark in report.remarks:
            view.note(remark)
        delivery = Delivery.of(place, wanted, start.prepare(place, view), view)
        graph.run(clock.timed(steps(delivery)), view)
    _keep(place, clock)
    return summary(delivery, clock)


def steps(delivery: Delivery) -> tuple[Step, ...]:
    """List everything there is to do, with what each waits for."""
    applied = [
        Step(name, frozenset(stack.needs), partial(_apply, delivery, stack))
        for name, stack in delivery.stacks.items()
        if not name.startswith(BY_RELEASE)
    ]
    needs = {site: {"cluster", f"data-{site}", "push"} for site in delivery.place.config.sites}
    return (
        *delivery.image_steps(frozenset({"registry"})),
        *applied,
        *delivery.release_steps(needs),
    )


def summary(delivery: Delivery, clock: Clock) -> str:
    """Say what there is now, where, and what took longest."""
    lines = [line for site in delivery.place.config.sites for line in _site_summary(delivery, site)]
    chain = " → ".join(f"{span.name} {span.seconds:.0f} s" for span in clock.longest_chain())
    return "\n".join((*lines, f"took {clock.now():.0f} s; longest chain: {chain}"))


def _apply(delivery: Delivery, stack: Stack) -> None:
    """Apply one stack as the settings say, whatever was planned; a data stack's secrets get their values at once."""
    plans.discard(delivery.place, stack.name)
    apply.stack_step(delivery.place, stack, delivery.view)
    if stack.name.startswith("data-"):
        secrets.ensure(delivery.place, stack.name.removeprefix("data-"))


def _site_summary(delivery: Delivery, site: str) -> tuple[str, ...]:
    outputs: Mapping[str, str] = state.outputs(delivery.place, f"site-{site}")
    if not delivery.containers:
        return (f"{site}: applied but not started, no Docker daemon answers; its address will be {outputs['url']}",)
    return (
        f"{site}: {outputs['url']} (version {delivery.version})",
        f"  administrator and password: make password ENV={delivery.place.env} SITE={site}",
    )


def _keep(place: Place, clock: Clock) -> None:
    """Leave the times for the benchmark."""
    times = {
        "steps": {name: [span.begin, span.end] for name, span in clock.spans.items()},
        "longest_chain": [span.name for span in clock.longest_chain()],
    }
    place.work.mkdir(parents=True, exist_ok=True)
    (place.work / "create-all.json").write_text(json.dumps(times, indent=2) + "\n")
