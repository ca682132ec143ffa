import pytest

from tests.kubernetes.policies import Pod, Policies
from tests.kubernetes.workloads import NAMESPACE, objects

POLICIES = Policies([each for each in objects() if each["kind"] == "NetworkPolicy"])


def _of(component: str, site: str = "wiki") -> Pod:
    labels = {"app.kubernetes.io/instance": site, "app.kubernetes.io/component": component}
    return Pod(NAMESPACE, labels)


INGRESS = Pod("ingress", {"app": "traefik"})
DNS = Pod("kube-system", {"k8s-app": "kube-dns"})
STRANGER = Pod("elsewhere")
NEIGHBOUR = _of("serve", site="blog")
SERVE, PROVISION, MIGRATE, DATABASE, DUMP = map(_of, ("serve", "provision", "migrate", "database", "dump"))


@pytest.mark.parametrize(
    ("source", "target", "port"),
    [
        (INGRESS, SERVE, 8080),
        (SERVE, SERVE, 8080),
        (SERVE, DATABASE, 3306),
        (PROVISION, DATABASE, 3306),
        (MIGRATE, DATABASE, 3306),
        (DUMP, DATABASE, 3306),
        (SERVE, DNS, 53),
    ],
)
def test_what_a_site_needs_is_open(source: Pod, target: Pod, port: int) -> None:
    """Readers, replicas, the database and names."""
    assert POLICIES.allow(source, target, port)


@pytest.mark.parametrize(
    ("source", "target", "port"),
    [
        (STRANGER, SERVE, 8080),
        (NEIGHBOUR, SERVE, 8080),
        (INGRESS, SERVE, 9000),
        (INGRESS, DATABASE, 3306),
        (STRANGER, DATABASE, 3306),
        (NEIGHBOUR, DATABASE, 3306),
        (SERVE, DATABASE, 22),
        (SERVE, "169.254.169.254", 80),
        (SERVE, "198.51.100.7", 443),
        (DATABASE, "198.51.100.7", 443),
        (DATABASE, SERVE, 8080),
        (Pod(NAMESPACE), SERVE, 8080),
    ],
)
def test_all_else_is_closed(source: Pod, target: Pod | str, port: int) -> None:
    """Neighbours in the namespace, the node's metadata and the internet among it."""
    assert not POLICIES.allow(source, target, port)


def test_without_callers_every_namespace_may_read() -> None:
    """Where nobody says where the ingress controller is, it is not locked out."""
    found = Policies([each for each in objects(callers=()) if each["kind"] == "NetworkPolicy"])
    assert found.allow(STRANGER, SERVE, 8080)
    assert not found.allow(STRANGER, DATABASE, 3306)
