from pathlib import Path

from local import server


def test_ministack_keeps_its_files_in_the_home() -> None:
    """Everything that it writes lies beneath the home, and its network is this copy's."""
    settings = server.environment(Path("/home/berth"), 4567)
    paths = {name: value for name, value in settings.items() if value.startswith("/")}
    assert paths == {
        "STATE_DIR": "/home/berth/cloud/state",
        "S3_DATA_DIR": "/home/berth/cloud/s3",
        "TMPDIR": "/home/berth/cloud/tmp",
        "BERTH_HOME": "/home/berth",
    }
    assert (settings["GATEWAY_PORT"], settings["DOCKER_NETWORK"]) == ("4567", "berth-4567")


def test_addresses_are_never_all_of_the_machine() -> None:
    """Loopback always, the bridge where there is one."""
    assert server.addresses(4567, None) == ["127.0.0.1:4567"]
    assert server.addresses(4567, "172.20.0.1") == ["127.0.0.1:4567", "172.20.0.1:4567"]
