"""The one Docker network of a copy: its tasks, its databases, and the API on the bridge's own address."""

import contextlib
import ipaddress
import zlib
from collections.abc import Container

import docker
from docker.errors import APIError, NotFound
from docker.models.networks import Network
from docker.types import IPAMConfig, IPAMPool

from local import naming
from local.errors import CloudError

_ATTEMPTS = 5


def ensure(client: docker.DockerClient, port: int) -> Network:
    """Find or make the network of this copy."""
    try:
        return client.networks.get(naming.network(port))
    except NotFound:
        return _create(client, port)


def gateway(network: Network) -> str:
    """Give the bridge's address, where tasks reach the API."""
    return network.attrs["IPAM"]["Config"][0]["Gateway"]


def _create(client: docker.DockerClient, port: int) -> Network:
    for _ in range(_ATTEMPTS):
        pool = _free_pool(client, port)
        # Somebody else's network may take the subnet in between.
        with contextlib.suppress(APIError):
            return _create_in(client, port, pool)
    raise CloudError("Docker gives no subnet for the embedded cloud's network; remove networks that nobody uses")


def _free_pool(client: docker.DockerClient, port: int) -> dict[str, str]:
    # Docker gives fixed addresses only in a network whose subnet was named, and knows best which subnet is free:
    # so it chooses for a network that is dropped at once.
    probe = client.networks.create(f"{naming.network(port)}-probe", labels=naming.labels(port))
    probe.reload()
    probe.remove()
    return probe.attrs["IPAM"]["Config"][0]


def _create_in(client: docker.DockerClient, port: int, pool: dict[str, str]) -> Network:
    lower, _ = halves(pool["Subnet"])
    ipam = IPAMConfig(pool_configs=[IPAMPool(subnet=pool["Subnet"], gateway=pool["Gateway"], iprange=str(lower))])
    network = client.networks.create(naming.network(port), driver="bridge", ipam=ipam, labels=naming.labels(port))
    network.reload()
    return network


def halves(subnet: str) -> tuple[ipaddress.IPv4Network, ipaddress.IPv4Network]:
    """Split a subnet: Docker hands out the lower half, fixed addresses come from the upper one."""
    lower, upper = ipaddress.IPv4Network(subnet).subnets(prefixlen_diff=1)
    return lower, upper


def fixed_address(network: Network, name: str) -> str:
    """Give the address that a container of this name keeps over every restart."""
    subnet = network.attrs["IPAM"]["Config"][0]["Subnet"]
    return choose_address(subnet, name, addresses_in_use(network))


def addresses_in_use(network: Network) -> set[str]:
    """List the addresses of the containers that run in the network."""
    network.reload()
    return {member["IPv4Address"].split("/")[0] for member in (network.attrs["Containers"] or {}).values()}


def choose_address(subnet: str, name: str, taken: Container[str]) -> str:
    """Choose an address in the upper half by the hash of a name, the next one where it is taken."""
    _, upper = halves(subnet)
    # The last address is the broadcast one.
    size = upper.num_addresses - 1
    start = zlib.crc32(name.encode())
    candidates = (str(upper[(start + step) % size]) for step in range(size))
    return next(address for address in candidates if address not in taken)
