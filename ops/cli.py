"""The command line behind the Makefile: one thin command a target."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from local import cloud
from ops import cdktf as cdktf_cli
from ops import check as preflight
from ops import clean as cleaning
from ops import graph, providers, secrets, start
from ops import logs as site_logs
from ops import status as overview
from ops.alone import alone
from ops.apply import apply_all
from ops.create_all import create_all as create_everything
from ops.delivery import Delivery
from ops.destroy import destroy_all
from ops.errors import OpsError
from ops.export import export as export_all
from ops.kubernetes_place import KubernetesPlace
from ops.place import Place
from ops.plan import plan_all
from ops.view import View

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Env = Annotated[str, typer.Option("--env", help="Environment: a file in environments/ without .yaml.")]
Version = Annotated[str, typer.Option("--version", help="Version of the images; default: the commit.")]
Site = Annotated[str, typer.Option("--site", help="Name of a site.")]


@contextmanager
def _created(env: str) -> Iterator[Place]:
    """Give a place that holds something, its embedded cloud running."""
    place = Place.of(env)
    start.require_created(place)
    yield place


@app.command()
def check(env: Env = "local") -> None:
    """Look for everything that would stop create-all."""
    report = preflight.preflight(Place.of(env))
    for remark in report.remarks:
        typer.echo(f"note: {remark}")
    report.require()
    typer.echo("nothing stands in the way")


@app.command()
def bootstrap(env: Env = "local") -> None:
    """Make the bucket that holds Terraform's state."""
    place = Place.of(env)
    with View(f"bootstrap {env}") as view:
        start.prepare(place, view)
    typer.echo(f"state bucket: {place.config.state.bucket}")


@app.command()
def create_all(env: Env = "local", version: Version = "") -> None:
    """Make everything and run the sites."""
    typer.echo(f"\n{create_everything(Place.of(env), version)}")


@app.command()
def build(env: Env = "local", version: Version = "") -> None:
    """Build the images of a version and push them; the registry is made where it is missing."""
    place = Place.of(env)
    with View(f"build {env}") as view:
        delivery = Delivery.of(place, version, start.prepare(place, view), view)
        graph.run(delivery.build_steps(), view)
    for image in delivery.pushed.values():
        typer.echo(f"{delivery.version}: {image}")


@app.command()
def mediawiki(env: Env = "local", version: Version = "") -> None:
    """Release a version to the MediaWiki sites: build, push, migrate, roll out."""
    _release("mediawiki", env, version)


@app.command()
def wordpress(env: Env = "local", version: Version = "") -> None:
    """Release a version to the WordPress sites: build, push, migrate, roll out."""
    _release("wordpress", env, version)


def _release(application: str, env: str, version: str) -> None:
    place = Place.of(env)
    with View(f"release {env}") as view, alone(place, "all", "release"):
        delivery = Delivery.of(place, version, start.prepare(place, view), view, application)
        delivery.require_sites(application)
        delivery.require_containers()
        graph.run(delivery.all_steps(), view)
    typer.echo(f"{', '.join(delivery.sites)}: version {delivery.version}")


@app.command()
def export(
    env: Env = "local",
    version: Version = "",
    form: Annotated[str, typer.Option("--format", help="What for: kubernetes.")] = "kubernetes",
    build: Annotated[bool, typer.Option(help="Build and push the images; otherwise tags name them.")] = True,
) -> None:
    """Write what runs the sites of an environment on Kubernetes as files for kubectl."""
    if form != "kubernetes":
        msg = f"FORMAT: is not known, got {form!r}; allowed: kubernetes"
        raise OpsError(msg)
    place = KubernetesPlace.of(env)
    folder = place.root / "export" / env
    with View(f"export {env}") as view, view.step("export") as step:
        written = export_all(place, version, folder, step.say, build=build)
    for path in written:
        typer.echo(path)
    typer.echo(f"apply them: kubectl apply -f {folder}; the administrators' passwords are in {written[1].name}")


@app.command()
def plan(
    env: Env = "local",
    exit_code: Annotated[bool, typer.Option("--detailed-exitcode", help="End with 2 where there are changes.")] = False,
) -> None:
    """Show what apply would change, and keep the plan for it."""
    changes = plan_all(Place.of(env))
    if exit_code and changes:
        raise typer.Exit(2)


@app.command()
def apply(env: Env = "local") -> None:
    """Apply the kept plan, or whatever the settings ask for."""
    apply_all(Place.of(env))


@app.command()
def destroy(
    env: Env = "local",
    everything: Annotated[bool, typer.Option("--all", help="The registry and the state bucket too.")] = False,
) -> None:
    """Take the environment down; the embedded cloud goes with it."""
    place = Place.of(env)
    destroy_all(place, everything=everything or place.local)
    cleaning.remove_cloud(place)


@app.command()
def status(env: Env = "local") -> None:
    """Show the stacks, services, image versions and URLs."""
    with _created(env) as place:
        for table in overview.tables(place):
            Console().print(table)


@app.command()
def logs(
    env: Env = "local",
    site: Site = "wiki",
    follow: Annotated[bool, typer.Option("--follow", help="Go on with every new line.")] = False,
) -> None:
    """Show a site's log."""
    with _created(env) as place:
        for line in site_logs.lines(place, site, follow=follow):
            typer.echo(line)


@app.command()
def password(env: Env = "local", site: Site = "wiki") -> None:
    """Show the name and password of a site's administrator."""
    with _created(env) as place:
        typer.echo("\n".join(secrets.administrator(place, site)))


@app.command()
def cloud_start(env: Env = "local") -> None:
    """Start the embedded cloud with what it held."""
    start.start_cloud(Place.of(env))


@app.command()
def cloud_stop(env: Env = "local") -> None:
    """Stop the embedded cloud and keep what it holds."""
    place = Place.of(env)
    if place.config.embedded_cloud is not None:
        cloud.stop(place.home, place.config.embedded_cloud.port)


@app.command(context_settings={"ignore_unknown_options": True})
def cdktf(arguments: list[str], env: Env = "local") -> None:
    """Run cdktf with this environment: `cdktf -- plan base`."""
    place = Place.of(env)
    start.start_cloud(place)
    providers.prepare(place)
    command = cdktf_cli.command(place, arguments)
    os.chdir(place.root)
    os.execve(command[0], command, cdktf_cli.environment(place))  # noqa: S606 - becoming cdktf is the point


@app.command()
def clean(env: Env = "local") -> None:
    """Remove the embedded cloud and the working folder."""
    cleaning.clean(Place.of(env))
