"""First boots that fill a volume with files: a model of the official image's, and ours."""

from pathlib import Path

from bench.boots import Starts
from tests.image.containers import docker, wait_exit

ENTRYPOINT = Path(__file__).parents[1] / "entrypoint"
LIB = "/usr/local/lib/berth"
# What a container begins to serve, looked at where its web server would start.
_HASH = "find . -type f ! -name wp-config.php -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"


class OfficialModel:
    """The whole application, as the official image's entry point copies it."""

    name = "model of the official image"

    def __init__(self) -> None:
        self.starts = Starts("wordpress", "/srv/html")

    def empty(self) -> None:
        """Begin with an empty volume."""
        self.starts.empty()

    def start(self) -> str:
        """Start one container of it; settings that are no PHP count as corrupt too."""
        return self.starts.start("/models/wordpress", "bash", "-c", f"{_HASH}; php -l wp-config.php || true")

    def state(self, name: str) -> str:
        """Return the hash of the tree that it began to serve, and whether the settings were PHP at all."""
        return docker("logs", name).stdout

    def close(self) -> None:
        """Remove all of it."""
        self.starts.empty()


class Extensions:
    """The same files as an extension of ours, seeded by the job that containers with `files: extensions` start with."""

    name = "ours"
    _manifest = (
        "mkdir -p /share/extensions/plugins /share/extensions/themes"
        " && ln -sfn /usr/share/wordpress /share/extensions/plugins/wordpress"
        f" && php {LIB}/php/extensions/manifest.php /share/extensions >/share/extensions.json"
    )
    _seed = (
        f"{LIB}/jobs/seed-extensions && for folder in /srv/files/extensions /var/cache/berth/extensions/current; do"
        f" cd $folder/plugins && {_HASH}; done"
    )

    def __init__(self) -> None:
        lib = ("--volume", f"{ENTRYPOINT}:{LIB}:ro")
        given = ("--env", "BERTH_SHARE=/share", "--env", "BERTH_EXTENSIONS=/share/extensions")
        self.starts = Starts("wordpress", "/srv/files", *lib, *given)
        self.share = f"{self.starts.volume}-share"
        self.starts.options += ("--volume", f"{self.share}:/share")
        self._describe()

    def empty(self) -> None:
        """Begin with an empty volume."""
        self.starts.empty()

    def start(self) -> str:
        """Start one container of it."""
        return self.starts.start("bash", "-c", self._seed)

    def state(self, name: str) -> str:
        """Return the hashes of the shared files and of the copy that it would serve from."""
        return docker("logs", name).stdout

    def close(self) -> None:
        """Remove all of it."""
        self.starts.empty()
        docker("volume", "rm", "--force", self.share)

    def _describe(self) -> None:
        """Write the manifest, which an image has from its build."""
        if wait_exit(self.starts.start("bash", "-c", self._manifest)):
            raise RuntimeError("the manifest of the extensions could not be made")
