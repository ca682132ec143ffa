"""How a workload is reached: by a Service, and from outside by an Ingress or a Gateway's route."""

from collections.abc import Iterator

from modules.contract import Workload
from modules.kubernetes.deployment import COMPONENT, PORT_NAME
from modules.kubernetes.manifest import Manifest, manifest, metadata, selector
from modules.kubernetes.placement import Gateway, Ingress, Placement

PORT = 80


def service_objects(workload: Workload, placement: Placement) -> Iterator[Manifest]:
    """Yield the Service, and the route where there is one."""
    yield _service(workload, placement)
    match placement.route:
        case Ingress():
            yield _ingress(workload, placement, placement.route)
        case Gateway():
            yield _http_route(workload, placement, placement.route)


def _service(workload: Workload, placement: Placement) -> Manifest:
    port = {"name": PORT_NAME, "port": PORT, "protocol": "TCP", "targetPort": PORT_NAME}
    if placement.node_port is not None:
        port["nodePort"] = placement.node_port
    return manifest(
        "v1",
        "Service",
        metadata(workload, placement, component=COMPONENT),
        spec={"type": placement.service_type, "selector": selector(workload, COMPONENT), "ports": [port]},
    )


def _ingress(workload: Workload, placement: Placement, ingress: Ingress) -> Manifest:
    named = metadata(workload, placement, component=COMPONENT)
    if ingress.annotations:
        named["annotations"] = dict(ingress.annotations)
    backend = {"service": {"name": workload.name, "port": {"name": PORT_NAME}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    spec: Manifest = {"rules": [{"host": ingress.host, "http": {"paths": [path]}}]}
    if ingress.class_name:
        spec["ingressClassName"] = ingress.class_name
    if ingress.tls_secret:
        spec["tls"] = [{"hosts": [ingress.host], "secretName": ingress.tls_secret}]
    return manifest("networking.k8s.io/v1", "Ingress", named, spec=spec)


def _http_route(workload: Workload, placement: Placement, gateway: Gateway) -> Manifest:
    parent = {"name": gateway.name} | ({"namespace": gateway.namespace} if gateway.namespace else {})
    return manifest(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        metadata(workload, placement, component=COMPONENT),
        spec={
            "hostnames": [gateway.host],
            "parentRefs": [parent],
            "rules": [{"backendRefs": [{"name": workload.name, "port": PORT}]}],
        },
    )
