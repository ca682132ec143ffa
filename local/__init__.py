"""The embedded cloud: MiniStack, what Berth adds to it, and its process on this machine."""
