"""What differs between the applications: the page that is asked for, and how content comes in."""

from dataclasses import dataclass
from pathlib import Path

from bench import content

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Application:
    """One application, as its own tools and addresses know it."""

    name: str
    path: str
    """The measured page in our image."""
    reference_path: str
    """The same page in Debian's set-up."""
    importer: tuple[str, ...]
    """Command in the container that imports what lies in /content."""
    most_mb: float
    """Goal for the compressed image."""
    host: str
    """Name and port that the site believes to have."""


APPLICATIONS = (
    Application(
        name="mediawiki",
        path=f"/wiki/{content.SUBJECT}",
        reference_path=f"/mediawiki/index.php/{content.SUBJECT}",
        importer=("bash", "/content/import-mediawiki"),
        most_mb=130,
        host="wiki.test:8080",
    ),
    Application(
        name="wordpress",
        path="/",
        reference_path="/",
        importer=("php", "/content/import-wordpress.php"),
        most_mb=120,
        host="blog.test:8080",
    ),
)


def lay_out(folder: Path) -> None:
    """Write the content, and what imports it, into a folder that every user may read."""
    for title, text in content.pages().items():
        (folder / f"{title}.txt").write_text(text)
    for title, text in content.posts().items():
        (folder / f"{title}.html").write_text(text)
    for importer in sorted((HERE / "importers").iterdir()):
        (folder / importer.name).write_bytes(importer.read_bytes())
    folder.chmod(0o755)
