import json

import kubernetes_validate
import pytest

from modules.kubernetes.admission import admission_objects
from modules.kubernetes.placement import Gateway
from tests.kubernetes.workloads import objects

VERSIONS = ("1.30", "1.33", "1.37")
NO_SCHEMA = {"HTTPRoute"}
"""Kinds that are no part of Kubernetes itself."""


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_one_that_kubernetes_knows(version: str) -> None:
    """Each validates against the published schema, in which no unknown field passes."""
    found = [*objects(), *admission_objects()]
    assert len(found) > 15
    for each in found:
        kubernetes_validate.validate(each, version, strict=True)


def test_a_misspelt_field_is_found() -> None:
    """The schema is one that refuses."""
    [deployment] = [each for each in objects() if each["kind"] == "Deployment"]
    deployment["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, "1.33", strict=True)


def test_no_object_holds_a_null() -> None:
    """The API server drops them, and every plan would want to put them back."""
    text = json.dumps([objects(), objects(route=None), objects(route=Gateway(host="w.example.org", name="main"))])
    assert "null" not in text


def test_names_are_told_once() -> None:
    """No object stands in the way of another."""
    names = [(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in objects()]
    assert len(names) == len(set(names))


def test_no_secret_is_among_the_objects() -> None:
    """Values of secrets never pass through Terraform's state or a file of manifests."""
    assert "Secret" not in {each["kind"] for each in objects()}
