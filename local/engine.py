"""The Docker engine, where there is one."""

import functools

import docker
from docker.errors import DockerException

# `docker stop` answers when the container has ended, which its stop timeout lets take up to 120 s.
TIMEOUT_SECONDS = 150


def connect() -> docker.DockerClient | None:
    """Connect to the daemon that the environment names, or give None when none answers."""
    try:
        client = _client()
        client.ping()
    except DockerException:
        return None
    return client


@functools.cache
def _client() -> docker.DockerClient:
    # One for the process: it keeps its connections. A failed attempt is not kept.
    return docker.from_env(timeout=TIMEOUT_SECONDS)
