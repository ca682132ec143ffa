from bench import usage


def test_memory_is_what_cannot_be_reclaimed() -> None:
    """Private and shared pages count, files do not; version 1 of cgroups has totals that include what lies below."""
    second = {"active_anon": 3, "inactive_anon": 40, "file": 1000, "inactive_file": 900}
    first = {
        "active_anon": 1,
        "inactive_anon": 2,
        "total_active_anon": 3,
        "total_inactive_anon": 40,
        "total_cache": 1000,
    }
    assert usage.held(second) == usage.held(first) == 43
