"""How a workload lives on a Kubernetes cluster: what the cluster offers, and what it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ServiceType = Literal["ClusterIP", "NodePort", "LoadBalancer"]

PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""Where the pods of an ingress controller have their addresses; who reaches the site is the network policy's affair."""


@dataclass(frozen=True, kw_only=True)
class Ingress:
    """A host name on an ingress controller of class `class_name`; `tls_secret`: the Secret with its certificate."""

    host: str
    class_name: str | None = None
    tls_secret: str | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A host name on the Gateway called `name`."""

    host: str
    name: str
    namespace: str | None = None


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Where a workload may connect to: a TCP port of the pods with these `labels` in its namespace, or of a `cidr`."""

    port: int
    labels: Mapping[str, str] = field(default_factory=dict)
    cidr: str = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Fewest and most pods, and the average CPU, percent of what is requested, that scaling aims at."""

    min: int = 2
    max: int = 6
    cpu_percent: int = 60


@dataclass(frozen=True, kw_only=True)
class Storage:
    """The claim of the shared files. One pod at a time needs no `ReadWriteMany`; several nodes do."""

    size_gib: int = 20
    access_mode: Literal["ReadWriteMany", "ReadWriteOnce"] = "ReadWriteMany"
    class_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a workload runs and how it is reached.

    `app`: name of the application. `manager`: who keeps the objects. `callers`: namespaces that may connect, such as
    that of the ingress controller; empty: all. `peers`: where it may connect to, besides the cluster's DNS and its own
    pods. `secret_versions`: what changes whenever a Secret's content does, by the Secret's name; pods are replaced
    then. `pull_secret`: name of the Secret for the registry.
    """

    namespace: str
    app: str
    manager: str = "berth"
    service_type: ServiceType = "ClusterIP"
    node_port: int | None = None
    route: Ingress | Gateway | None = None
    scale: Scale = Scale()
    storage: Storage = Storage()
    callers: tuple[str, ...] = ()
    peers: tuple[Peer, ...] = ()
    secret_versions: Mapping[str, str] = field(default_factory=dict)
    pull_secret: str | None = None
