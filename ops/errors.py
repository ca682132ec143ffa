"""Faults that a person can do something about; shown as their text, never as a traceback."""


class OpsError(Exception):
    """One clear sentence, or several lines of them, with the remedy."""


class StepsFailedError(OpsError):
    """Every step that failed, by name; the text is one failure a line."""

    def __init__(self, failures: dict[str, Exception]) -> None:
        """Keep the failures in the order in which they happened."""
        super().__init__("\n".join(str(failure) for failure in failures.values()))
        self.failures = failures
