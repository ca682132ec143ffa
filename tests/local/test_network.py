from local.network import choose_address, halves


def test_halves_of_a_subnet() -> None:
    """Docker hands out the lower half."""
    assert [str(half) for half in halves("172.20.0.0/16")] == ["172.20.0.0/17", "172.20.128.0/17"]


def test_a_name_keeps_its_address() -> None:
    """The address follows from the name alone and lies in the upper half."""
    address = choose_address("172.20.0.0/16", "wiki", set())
    assert address == choose_address("172.20.0.0/16", "wiki", {"172.20.0.2"})
    assert address.startswith("172.20.")
    assert int(address.split(".")[2]) >= 128


def test_a_taken_address_is_passed_over() -> None:
    """Two names that meet get different addresses, and the last one wraps around."""
    subnet = "10.0.0.0/29"
    addresses: set[str] = set()
    for name in ("a", "b", "c"):
        addresses.add(choose_address(subnet, name, addresses))
    assert addresses == {"10.0.0.4", "10.0.0.5", "10.0.0.6"}
