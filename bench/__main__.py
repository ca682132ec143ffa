"""Run the benchmarks named on the command line, or all: `python -m bench [synthesis] [seeding] …`, see NAMES."""

import sys
from importlib import import_module

NAMES = ("synthesis", "seeding", "create_all", "images", "sizes", "kills")


def main(chosen: list[str]) -> int:
    """Run each benchmark; return how many did not keep what is claimed."""
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        print(f"bench: no benchmark {', '.join(unknown)}; allowed: {', '.join(NAMES)}")
        return 2
    return sum(not import_module(f"bench.{name}").run() for name in chosen or NAMES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
