"""A wiki with a database in the cluster, as workload, placement and objects."""

from dataclasses import replace
from typing import Any

from modules.apps import mediawiki
from modules.contract import Backing, KubernetesSecretKey, Serving, Workload
from modules.kubernetes.database import admin_binding, database_binding
from modules.kubernetes.dumps import Dumps, dump_objects
from modules.kubernetes.files import files_binding
from modules.kubernetes.mariadb import MariaDb, mariadb_objects
from modules.kubernetes.namespace import namespace_objects
from modules.kubernetes.placement import Ingress, Peer, Placement
from modules.kubernetes.workload import workload_objects

NAMESPACE = "berth-home"
DATABASE = MariaDb(name="wiki-db", site="wiki", namespace=NAMESPACE, secret="wiki-db-root")
PLACEMENT = Placement(
    namespace=NAMESPACE,
    app="mediawiki",
    route=Ingress(host="wiki.example.org", class_name="traefik", tls_secret="wiki-tls"),
    callers=("ingress",),
    peers=(Peer(port=3306, labels=DATABASE.selector),),
)
Objects = list[dict[str, Any]]


def workload(image: str = "registry.example.org/berth/mediawiki:1-abcdef12", **serving: Any) -> Workload:
    """Return the wiki; keywords go to what it is served with."""
    return mediawiki.workload(
        "wiki",
        image=image,
        backing=Backing(
            database=database_binding(host="wiki-db", schema="wiki", secret="wiki-database"),
            database_admin=admin_binding(secret="wiki-db-root"),
            files=files_binding("wiki"),
            keys={key: KubernetesSecretKey(name="wiki-app", key=key) for key in mediawiki.SECRET_KEYS},
        ),
        serving=Serving(title="Wiki", address="https://wiki.example.org", **serving),
    )


def objects(**placement: Any) -> Objects:
    """Return all objects of the wiki and its namespace; keywords change the placement."""
    return [
        *namespace_objects(NAMESPACE),
        *mariadb_objects(DATABASE),
        *dump_objects(DATABASE, Dumps(schema="wiki")),
        *workload_objects(workload(), replace(PLACEMENT, **placement)),
    ]


def find(found: Objects, kind: str, name: str = "wiki") -> dict[str, Any]:
    """Return the one object of a kind whose name begins with `name`."""
    [one] = [each for each in found if each["kind"] == kind and each["metadata"]["name"].startswith(name)]
    return one


def pods(found: Objects) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Return labels and spec of every pod that the objects make."""
    templates = []
    for each in found:
        if each["kind"] in {"Deployment", "StatefulSet", "Job"}:
            templates.append(each["spec"]["template"])
        elif each["kind"] == "CronJob":
            templates.append(each["spec"]["jobTemplate"]["spec"]["template"])
    return [(template["metadata"]["labels"], template["spec"]) for template in templates]
