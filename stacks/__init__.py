"""The stacks: each reads the settings and the outputs of those before it, and places constructs."""
