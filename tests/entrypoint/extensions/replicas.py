"""Images with extensions, and replicas that share one volume, on plain folders."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.entrypoint.conftest import ENTRYPOINT

PLUGIN = "<?php\n/*\n * Plugin Name: Test\n * Version: {}\n */\n"
THEME = "/*\nTheme Name: Test\nVersion: {}\n*/\n"

Tree = dict[str, str]


def write_tree(folder: Path, tree: Tree) -> None:
    """Write files by path below `folder`."""
    for path, content in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)


def read_tree(folder: Path) -> Tree:
    """Read what is in the plugins and themes of `folder`, by path."""
    files = [path for kind in ("plugins", "themes") for path in (folder / kind).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def messages(log: str) -> list[str]:
    """Return what the lines of a log say; each is JSON."""
    return [json.loads(line)["message"] for line in log.splitlines()]


@dataclass(frozen=True)
class Image:
    """The part of an image that matters here: a tree and its manifest."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, tree: Tree) -> "Image":
        """Build it."""
        image = cls(folder)
        (image.tree / "plugins").mkdir(parents=True)
        (image.tree / "themes").mkdir()
        write_tree(image.tree, tree)
        image.describe()
        return image

    @property
    def tree(self) -> Path:
        """Folder of plugins and themes."""
        return self.folder / "tree"

    @property
    def manifest(self) -> dict[str, dict]:
        """What the image's build wrote down."""
        return json.loads((self.folder / "extensions.json").read_text())

    def describe(self) -> None:
        """Write the manifest, as the image's build does."""
        command = ["php", ENTRYPOINT / "php/extensions/manifest.php", self.tree]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        (self.folder / "extensions.json").write_text(done.stdout)


@dataclass(frozen=True)
class Replica:
    """One container: an image, the shared volume and a cache of its own."""

    image: Image
    files: Path
    home: Path

    @property
    def shared(self) -> Path:
        """The volume's folder of extensions."""
        return self.files / "extensions"

    @property
    def cache(self) -> Path:
        """The container's own copies."""
        return self.home / "cache/extensions"

    @property
    def current(self) -> Path:
        """The copy that this container runs."""
        return self.cache / "current"

    @property
    def environment(self) -> dict[str, str]:
        """Variables of its processes."""
        return {
            "PATH": os.environ["PATH"],
            "BERTH_LIB": str(ENTRYPOINT),
            "BERTH_FILES": str(self.files),
            "BERTH_CACHE": str(self.home / "cache"),
            "BERTH_RUN": str(self.home),
            "BERTH_SHARE": str(self.image.folder),
            "BERTH_EXTENSIONS": str(self.image.tree),
        }

    def start(self, job: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start a job in a session of its own, so that it can be killed with all that it started."""
        self.home.mkdir(exist_ok=True)
        return subprocess.Popen(
            [ENTRYPOINT / "jobs" / job, *arguments],
            env=self.environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, job: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a job to its end."""
        with self.start(job, *arguments, **variables) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def seed(self, **variables: str) -> str:
        """Run the start's part that concerns extensions; what it reported."""
        done = self.run("seed-extensions", **variables)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def status(self) -> str:
        """What the volume says of itself."""
        return self.run("extensions", "status").stdout.strip()
