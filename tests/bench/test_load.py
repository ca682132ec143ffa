import json
from pathlib import Path

import pytest

from bench import load

LINE = {"requests": 300, "microseconds": 2_000_000, "failed": 0, "p95_microseconds": 12_345}


def _output(**changes: int) -> str:
    return "Running 2s test @ http://x/\n  Thread Stats   Avg\n" + json.dumps(LINE | changes) + "\n"


def test_a_round_is_read_from_the_last_line() -> None:
    """What wrk prints by itself does not matter; microseconds become seconds and milliseconds."""
    assert load.parse(_output()) == load.Load(requests=300, per_second=150.0, p95_ms=12.345)


@pytest.mark.parametrize("changes", [{"failed": 1}, {"requests": 0}])
def test_a_round_with_failures_is_no_measurement(changes: dict[str, int]) -> None:
    """A server that answers errors quickly would win otherwise."""
    with pytest.raises(ValueError, match=r"\d of \d+ requests failed"):
        load.parse(_output(**changes))


def test_the_command_asks_for_the_site_s_own_name() -> None:
    """The address is the container's, the Host header the site's; as many connections as PHP workers."""
    assert load.command("http://10.0.0.2:8080/wiki/A", "wiki.test:8080", 5) == [
        "wrk", "--threads=1", "--connections=4", "--duration=5s", "--timeout=20s", "--header=Host: wiki.test:8080",
        f"--script={Path(load.__file__).with_name('wrk.lua')}", "http://10.0.0.2:8080/wiki/A",
    ]  # fmt: skip
