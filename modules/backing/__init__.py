"""Backing services: each offers a `Binding` to the containers that use it."""
