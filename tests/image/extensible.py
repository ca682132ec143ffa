"""A blog whose plugins people install in wp-admin, and images that bring different ones."""

import io
import re
import threading
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.entrypoint.extensions.replicas import PLUGIN, Image
from tests.image.blog import HOST, Blog
from tests.image.containers import docker, execute
from tests.image.person import Person
from tests.image.site import get

EXTENSIONS = "/usr/local/lib/berth/jobs/extensions"
INSTALLED = "berth-test/berth-test.php"
"""The plugin that people install."""
MOUNTED = ("/usr/share/berth/extensions", "/usr/local/share/berth/extensions.json")
"""What an image brings, and the list of it."""


def shows(name: str, version: str) -> str:
    """Return a plugin that adds to every page what `mark` looks for."""
    return f"{PLUGIN.format(version)}add_action('wp_head', fn () => print('{mark(name, version)}'));\n"


def mark(name: str, version: str) -> str:
    """What is in a page while that version of a plugin runs."""
    return f'<meta name="{name}" content="{version}">'


@dataclass
class ExtensibleBlog(Blog):
    """A WordPress in extensions mode."""

    brings: Path | None = None
    """Folder of an Image whose plugins and themes take the place of the real image's."""

    @property
    def app_environment(self) -> dict[str, str]:
        """Ask for the mode."""
        return super().app_environment | {"FILES_MODE": "extensions"}

    def create(self, job: str, *options: str, **environment: str) -> str:
        """Create a container of the image that brings what it is to bring."""
        if self.brings:
            pairs = zip((self.brings / "tree", self.brings / "extensions.json"), MOUNTED, strict=True)
            options = (*options, *(part for here, there in pairs for part in ("--volume", f"{here}:{there}:ro")))
        return super().create(job, *options, **environment)

    def of(self, brings: Path) -> "ExtensibleBlog":
        """Return the same blog with another image; what either starts is closed with this one."""
        return replace(self, brings=brings)


def make_images(image: str, folder: Path) -> None:
    """Make the images 1 and 2, which differ in the version of a plugin, with the real image's themes."""
    for version in ("1", "2"):
        files = {"plugins/bundled/bundled.php": shows("bundled", version), "plugins/bundled/notes.txt": version}
        made = Image.make(folder / version, files)
        holder = docker("create", image).stdout.strip()
        docker("cp", f"{holder}:/usr/share/wordpress/wp-content/themes/.", str(made.tree / "themes"))
        docker("rm", holder)
        made.describe()
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)


def archive(version: str) -> bytes:
    """Return the plugin that people install, as they upload it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr(INSTALLED, shows("berth-test", version))
        out.writestr("berth-test/style.css", f".berth-test {{ order: {version}; }}\n")
    return packed.getvalue()


def _hidden(page: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.decode())
    assert found, f"no {name} in {page[-2000:]!r}"
    return found[1]


def install(person: Person, web: str, packed: bytes, admin: str = "/wp-admin") -> bytes:
    """Upload a plugin's archive in wp-admin; the page that tells what became of it."""
    form = person.ask(web, f"{admin}/plugin-install.php?tab=upload").body
    head = "--berth\r\nContent-Disposition: form-data; name="
    body = f'{head}"_wpnonce"\r\n\r\n{_hidden(form, "_wpnonce")}\r\n{head}"pluginzip"; filename="berth-test.zip"\r\n'
    body += "Content-Type: application/zip\r\n\r\n"
    whole = body.encode() + packed + b"\r\n--berth--\r\n"
    kind = "multipart/form-data; boundary=berth"
    return person.ask(web, f"{admin}/update.php?action=upload-plugin", whole, Content_Type=kind).body


def follow(person: Person, web: str, page: bytes, action: str) -> int:
    """Follow a page's link of wp-admin that does something; the answer's status."""
    found = re.search(rf'href="[^"]*?([a-z-]+\.php\?action={action}&[^"]*)"', page.decode())
    assert found, f"no {action} in {page[-2000:]!r}"
    return person.ask(web, "/wp-admin/" + found[1].replace("&amp;", "&").replace("&#038;", "&")).status


def page(web: str) -> str:
    """Make and return the front page anew, as somebody without a session gets it."""
    answer = get(web, f"/?{uuid.uuid4().hex}", Host=HOST)
    assert answer.status == 200, answer
    return answer.body.decode()


def tree(web: str, folder: str) -> str:
    """One hash of all paths and contents of plugins and themes."""
    return execute(web, f"cd {folder} && find plugins themes -type f | sort | xargs -d '\\n' md5sum | md5sum")


@contextmanager
def readers(*webs: str) -> Iterator[list[int]]:
    """Read front pages without a pause; the list is of what went well, a failure is one of the test."""
    stop, done, failed = threading.Event(), list[int](), list[Exception | str]()

    def read(web: str) -> None:
        while not stop.is_set():
            try:
                done.append(len(page(web)))
            except (AssertionError, OSError) as problem:
                failed.append(f"{web}: {problem}")

    threads = [threading.Thread(target=read, args=(web,)) for web in webs]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failed == []
