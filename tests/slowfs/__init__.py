"""A folder seen through a slow network, with every operation counted."""
