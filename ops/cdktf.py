"""cdktf-cli on this App, with the environment that Berth's own commands have."""

from collections.abc import Sequence
from pathlib import Path

from ops.errors import OpsError
from ops.place import Place
from setup.cdktf import node_folder

TAKES_SKIP = frozenset({"apply", "deploy", "destroy", "diff", "plan"})
"""Commands that would ask the public registry for provider locks first; ours are committed."""


def command(place: Place, arguments: Sequence[str]) -> list[str]:
    """Return the command line of cdktf."""
    program = place.root / ".berth/cdktf/node_modules/cdktf-cli/bundle/bin/cdktf.js"
    if not program.is_file():
        msg = "cdktf-cli is not installed; run make cdktf first"
        raise OpsError(msg)
    skip = ["--skip-provider-lock"] if arguments and arguments[0] in TAKES_SKIP else []
    return [str(node_folder(place.root) / "bin/node"), str(program), *arguments, *skip]


def environment(place: Place) -> dict[str, str]:
    """Return cdktf's environment: Berth's own, with the virtual environment's Python and Node first on the PATH."""
    found = place.process_environment()
    folders = (place.root / ".venv/bin", node_folder(place.root) / "bin", Path(found["PATH"]))
    return found | {"PATH": ":".join(map(str, folders)), "CI": "1"}
