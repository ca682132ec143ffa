"""Measurements: what is claimed about speed and memory, asserted as ratios or against the provider's own waits."""
