import pytest

from bench.claims import Bound, Row, table

FAST = {"defaults": Bound(1.5, least=True), "tuned": Bound(0.95, least=True)}


@pytest.mark.parametrize(
    ("ours", "verdict"), [(150.0, "yes"), (149.0, "NO"), (200.0, "yes")], ids=["just", "below", "above"]
)
def test_every_bound_of_a_row_counts(ours: float, verdict: str) -> None:
    """A row holds when ours keeps its distance from each of theirs; the limits belong to it."""
    row = Row("requests/s", {"ours": ours, "defaults": 100.0, "tuned": 110.0}, FAST)
    assert (row.verdict(), row.holds()) == (verdict, verdict == "yes")


def test_an_absolute_goal_counts_beside_the_ratio() -> None:
    """A size below theirs does not help when it is above the goal."""
    values = {"ours": 131.0, "tuned": 164.0}
    assert not Row("MB", values, {"tuned": Bound(1)}, most=130).holds()
    assert Row("MB", values, {"tuned": Bound(1)}, most=131).holds()


def test_nothing_claimed_gives_no_verdict() -> None:
    """What is only shown neither holds nor fails."""
    row = Row("page, KiB", {"ours": 70.0, "tuned": 74.0})
    assert (row.verdict(), row.holds()) == ("", True)


def test_the_table_is_markdown_with_ratios() -> None:
    """One line a quantity; three digits, and beside theirs ours divided by it with its claim."""
    rows = [
        Row("requests/s", {"ours": 123.4, "defaults": 61.7, "tuned": 120.0}, FAST),
        Row("compressed, MB", {"ours": 121.0, "defaults": 164.0, "tuned": 164.0}, most=120),
        Row("start, s", {"ours": 1.234, "defaults": 1.0, "tuned": 1.0}),
    ]
    assert table(rows).splitlines() == [
        "|  | ours | defaults · ours divided by it | tuned · ours divided by it | holds |",
        "| --- | --- | --- | --- | --- |",
        "| requests/s | 123 | 61.7 · 2.00 (≥ 1.5) | 120 · 1.03 (≥ 0.95) | yes |",
        "| compressed, MB | 121 (goal: 120) | 164 · 0.74 | 164 · 0.74 | NO |",
        "| start, s | 1.23 | 1 · 1.23 | 1 · 1.23 |  |",
    ]
