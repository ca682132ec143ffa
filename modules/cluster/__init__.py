"""Clusters: each runs a `Workload`."""
