"""Faults of the embedded cloud."""


class CloudError(Exception):
    """The embedded cloud could not do what was asked; the text names the remedy."""
