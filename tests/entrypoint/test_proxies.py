from pathlib import Path

from tests.entrypoint.conftest import Bash

SOURCES = ("lib/log.sh", "lib/env.sh", "lib/proxies.sh")


def test_no_proxy_is_trusted_by_default(bash: Bash, folders: dict[str, Path]) -> None:
    """Without TRUSTED_PROXIES nobody's headers count."""
    bash("proxies_write", *SOURCES, TRUSTED_PROXIES="")
    assert (folders["run"] / "proxies.conf").read_text().splitlines() == [
        "geo $realip_remote_addr $proxy_trusted {",
        "  default 0;",
        "}",
    ]


def test_each_proxy_is_trusted(bash: Bash, folders: dict[str, Path]) -> None:
    """Each address or range is trusted for the protocol and for the client's address."""
    bash("proxies_write", *SOURCES, TRUSTED_PROXIES="10.0.0.0/20,fd00::1")
    assert (folders["run"] / "proxies.conf").read_text().splitlines() == [
        "geo $realip_remote_addr $proxy_trusted {",
        "  default 0;",
        "  10.0.0.0/20 1;",
        "  fd00::1 1;",
        "}",
        "set_real_ip_from 10.0.0.0/20;",
        "set_real_ip_from fd00::1;",
    ]
