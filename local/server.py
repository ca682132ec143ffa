"""The process that serves the embedded cloud: `python -m local.server --home HOME --port PORT`."""

import argparse
import asyncio
import os
import signal
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework

from local import engine, naming, network


def environment(home: Path, port: int) -> dict[str, str]:
    """Give MiniStack's settings for one copy of the project."""
    folder = home / "cloud"
    return {
        "GATEWAY_PORT": str(port),
        "DOCKER_NETWORK": naming.network(port),
        "MINISTACK_HOSTNAME": naming.HOSTNAME,
        "MINISTACK_DOCKER_TIMEOUT": str(engine.TIMEOUT_SECONDS),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
        "RDS_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "BERTH_HOME": str(home),
        "TMPDIR": str(folder / "tmp"),
    }


def addresses(port: int, gateway: str | None) -> list[str]:
    """Name the sockets to serve on: loopback, and the Docker bridge where there is one."""
    hosts = ["127.0.0.1", *([gateway] if gateway else [])]
    return [f"{host}:{port}" for host in hosts]


def _gateway(port: int) -> str | None:
    client = engine.connect()
    return network.gateway(network.ensure(client, port)) if client else None


async def _serve(application: ASGIFramework, bind: list[str]) -> None:
    config = Config()
    config.bind = bind
    config.keep_alive_timeout = 75
    config.graceful_timeout = 3
    # Graceful shutdown waits for running tasks to stop, and no less than one task may take.
    config.shutdown_timeout = 90
    stopping = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopping.set)
    await serve(application, config, shutdown_trigger=stopping.wait, mode="asgi")


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM; MiniStack then saves its state and removes its containers."""
    parser = argparse.ArgumentParser(prog="local.server", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    os.environ.update(environment(options.home.resolve(), options.port))
    Path(os.environ["TMPDIR"]).mkdir(parents=True, exist_ok=True)
    # Imported by name and late: MiniStack reads the environment when its modules load.
    import_module("local.adapter").install_all()
    application = import_module("ministack.app").app
    asyncio.run(_serve(application, addresses(options.port, _gateway(options.port))))


if __name__ == "__main__":
    main()
