"""Constructs and data types that Berth's stacks, and anybody else's, are made of."""

from modules.providers import make_lazy

make_lazy()
