"""What is claimed of ours against theirs, and the table that shows it."""

from dataclasses import dataclass, field

OURS = "ours"


@dataclass(frozen=True)
class Bound:
    """Ours divided by theirs must be at least, or at most, `ratio`."""

    ratio: float
    least: bool = False

    def holds(self, ratio: float) -> bool:
        """Whether a measured ratio keeps it."""
        return ratio >= self.ratio if self.least else ratio <= self.ratio

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.ratio:g}"


@dataclass(frozen=True)
class Row:
    """One measured quantity: its value in each column, and what is claimed against which column."""

    what: str
    values: dict[str, float]
    bounds: dict[str, Bound] = field(default_factory=dict)
    most: float | None = None
    """What ours may not exceed, whatever theirs is."""

    def ratio(self, column: str) -> float:
        """Ours divided by theirs."""
        return self.values[OURS] / self.values[column]

    def holds(self) -> bool:
        """Whether every claim of this row is kept."""
        within = self.most is None or self.values[OURS] <= self.most
        return within and all(bound.holds(self.ratio(column)) for column, bound in self.bounds.items())

    def verdict(self) -> str:
        """Yes or NO where something is claimed."""
        claimed = self.bounds or self.most is not None
        return ("yes" if self.holds() else "NO") if claimed else ""

    def cells(self) -> list[str]:
        """Return the row's text, cell by cell."""
        others = [column for column in self.values if column != OURS]
        goal = f" (goal: {self.most:g})" if self.most is not None else ""
        return [
            self.what,
            _number(self.values[OURS]) + goal,
            *(f"{_number(self.values[column])} · {self._compared(column)}" for column in others),
            self.verdict(),
        ]

    def _compared(self, column: str) -> str:
        bound = self.bounds.get(column)
        return f"{self.ratio(column):.2f}" + (f" ({bound})" if bound else "")


def table(rows: list[Row]) -> str:
    """Return a Markdown table: ours, then each of theirs with ours divided by it."""
    heading = ["", *(name if name == OURS else f"{name} · ours divided by it" for name in rows[0].values), "holds"]
    lines = [heading, ["---"] * len(heading), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _number(value: float) -> str:
    """Three digits, as no measurement here has more."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004
