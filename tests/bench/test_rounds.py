from bench import rounds
from bench.rounds import Round


def test_medians_are_taken_by_quantity() -> None:
    """One noisy round changes nothing, and each quantity has a median of its own."""
    found = {
        "ours": [Round(100, 40, 20), Round(3, 900, 21), Round(110, 41, 90)],
        "tuned": [Round(90, 50, 25), Round(91, 51, 26), Round(92, 52, 27)],
    }
    assert rounds.medians(found, "per_second") == {"ours": 100, "tuned": 91}
    assert rounds.medians(found, "p95_ms") == {"ours": 41, "tuned": 51}
    assert rounds.medians(found, "cpu_ms") == {"ours": 21, "tuned": 26}
