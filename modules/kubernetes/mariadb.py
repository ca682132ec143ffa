"""A MariaDB server in the cluster: one pod and its volume."""

from dataclasses import dataclass
from typing import Any

from modules.kubernetes.database import PORT
from modules.kubernetes.manifest import Manifest, manifest
from modules.kubernetes.security import CONTAINER, pod_fields

USER = 999
"""User and group of the official image."""
DATA = "/var/lib/mysql"
ROOT_PASSWORD = "/etc/berth/secrets/password"  # noqa: S105 - a path
SCRATCH = ("/tmp", "/run/mysqld")  # noqa: S108 - folders of the image, not of this process
PERIOD_SECONDS = 5
START_SECONDS = 300
STOP_SECONDS = 120
"""Time to write what is only in memory yet."""

Fields = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MariaDb:
    """A server called `name` for the workload `site`.

    `image`: one with the interface of the official image. `secret`: holds root's password under `password`, and root
    under `username`. `memory_mib`: of the pod; half of it is the buffer pool's.
    """

    name: str
    site: str
    namespace: str
    secret: str
    image: str = "docker.io/library/mariadb:11.8"
    storage_gib: int = 20
    storage_class: str | None = None
    memory_mib: int = 1024
    manager: str = "berth"

    @property
    def selector(self) -> dict[str, str]:
        """Labels that tell its pod from all others."""
        return {"app.kubernetes.io/instance": self.site, "app.kubernetes.io/component": "database"}

    def metadata(self, suffix: str = "") -> Manifest:
        """Return name, namespace and labels of one of its objects."""
        return {"name": f"{self.name}{suffix}", "namespace": self.namespace, "labels": self.labels()}

    def labels(self, component: str = "database") -> dict[str, str]:
        """Return the labels that Kubernetes recommends."""
        return {
            "app.kubernetes.io/name": "mariadb",
            "app.kubernetes.io/instance": self.site,
            "app.kubernetes.io/component": component,
            "app.kubernetes.io/part-of": "berth",
            "app.kubernetes.io/managed-by": self.manager,
        }

    def claim(self, gib: int) -> Fields:
        """Return what is asked of a volume that one pod writes to."""
        asked: Fields = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": f"{gib}Gi"}}}
        return asked | ({"storageClassName": self.storage_class} if self.storage_class is not None else {})


def mariadb_objects(database: MariaDb) -> list[Manifest]:
    """Return the Service, the policy and the StatefulSet."""
    port = {"name": "mysql", "port": PORT, "protocol": "TCP", "targetPort": "mysql"}
    return [
        manifest(
            "v1",
            "Service",
            database.metadata(),
            spec={"clusterIP": "None", "selector": database.selector, "ports": [port]},
        ),
        _policy(database),
        _stateful_set(database),
    ]


def container(database: MariaDb, name: str, volume: str, path: str) -> Fields:
    """Return what its containers share: the image, root's password, and a volume at a path."""
    mounts: list[Fields] = [{"name": folder.rpartition("/")[2], "mountPath": folder} for folder in SCRATCH]
    return {
        "name": name,
        "image": database.image,
        "imagePullPolicy": "IfNotPresent",
        "securityContext": CONTAINER,
        "volumeMounts": [
            *mounts,
            {"name": "secrets", "mountPath": ROOT_PASSWORD.rpartition("/")[0], "readOnly": True},
            {"name": volume, "mountPath": path},
        ],
    }


def pod(database: MariaDb, container: Fields) -> Fields:
    """Return what its pods share."""
    scratch: list[Fields] = [{"name": folder.rpartition("/")[2], "emptyDir": {}} for folder in SCRATCH]
    secret = {"secretName": database.secret, "defaultMode": 0o440, "items": [{"key": "password", "path": "password"}]}
    return {**pod_fields(USER), "containers": [container], "volumes": [*scratch, {"name": "secrets", "secret": secret}]}


def _policy(database: MariaDb) -> Manifest:
    """Its site's pods come in, those that dump among them; it calls nobody."""
    site = {"podSelector": {"matchLabels": {"app.kubernetes.io/instance": database.site}}}
    return manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        database.metadata(),
        spec={
            "podSelector": {"matchLabels": database.selector},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [site], "ports": [{"port": PORT, "protocol": "TCP"}]}],
        },
    )


def _stateful_set(database: MariaDb) -> Manifest:
    memory = f"{database.memory_mib}Mi"
    server = {
        **container(database, "mariadb", "data", DATA),
        "args": [f"--innodb-buffer-pool-size={database.memory_mib // 2}M"],
        "env": [{"name": "MARIADB_ROOT_PASSWORD_FILE", "value": ROOT_PASSWORD}],
        "livenessProbe": _probe(6),
        "ports": [{"name": "mysql", "containerPort": PORT, "protocol": "TCP"}],
        "readinessProbe": _probe(2),
        "resources": {"requests": {"cpu": "100m", "memory": memory}, "limits": {"memory": memory}},
        "startupProbe": _probe(START_SECONDS // PERIOD_SECONDS),
    }
    return manifest(
        "apps/v1",
        "StatefulSet",
        database.metadata(),
        spec={
            "replicas": 1,
            "selector": {"matchLabels": database.selector},
            "serviceName": database.name,
            "template": {
                "metadata": {"labels": database.labels()},
                "spec": pod(database, server) | {"terminationGracePeriodSeconds": STOP_SECONDS},
            },
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": database.claim(database.storage_gib)}],
        },
    )


def _probe(failures: int) -> Fields:
    return {
        "failureThreshold": failures,
        "periodSeconds": PERIOD_SECONDS,
        "tcpSocket": {"port": "mysql"},
        "timeoutSeconds": 3,
    }
