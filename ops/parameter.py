"""The SSM parameter that names a site's image: stacks read it, only a release writes it."""

from typing import Any

from modules.naming import Naming
from ops.place import Place


def _names(place: Place, site: str) -> Naming:
    return Naming(environment=place.env, site=site)


def read(place: Place, site: str) -> str | None:
    """Return the image that the site is to run, None before its first release."""
    client: Any = place.client("ssm")
    try:
        value: str = client.get_parameter(Name=_names(place, site).image_parameter)["Parameter"]["Value"]
    except client.exceptions.ParameterNotFound:
        return None
    return value


def write(place: Place, site: str, image: str) -> None:
    """Name `image` (repository@digest) as the one to run."""
    ssm: Any = place.client("ssm")
    value = {"Name": _names(place, site).image_parameter, "Value": image, "Type": "String"}
    if read(place, site) is None:
        names = _names(place, site)
        tags = names.tags(f"release-{site}") | {"Name": names.name}
        ssm.put_parameter(**value, Tags=[{"Key": key, "Value": text} for key, text in tags.items()])
    else:
        ssm.put_parameter(**value, Overwrite=True)


def restore(place: Place, site: str, previous: str | None) -> None:
    """Put back what was there before; None takes the parameter away."""
    if previous is None:
        place.client("ssm").delete_parameter(Name=_names(place, site).image_parameter)
    else:
        write(place, site, previous)
