"""One wiki of the image's tests."""

from dataclasses import dataclass
from typing import ClassVar

from tests.image.site import ADMIN, Site


@dataclass
class Wiki(Site):
    """A MediaWiki."""

    app: ClassVar[str] = "mediawiki"
    front: ClassVar[str] = "/wiki/Main_Page"
    root: ClassVar[str] = "/usr/share/mediawiki"
    shared: ClassVar[str] = "images"
    form: ClassVar[tuple[str, bytes, bytes]] = (
        "/api.php",
        b"action=query&format=json&meta=siteinfo",
        b'"sitename":"Test"',
    )
    operation: ClassVar[tuple[str, str]] = (
        "php /usr/share/mediawiki/maintenance/run.php showSiteStats",
        "Total pages",
    )
    installer: ClassVar[str] = "maintenance/run.php install"
    markers: ClassVar[tuple[str, str]] = ("1.43.0 Cite", "9.1.0 Cite")
    table: ClassVar[str] = "user_groups"

    @property
    def app_secrets(self) -> dict[str, str]:
        """Secrets that MediaWiki serves with."""
        return {"MEDIAWIKI_SECRET_KEY": f"canary-key-{self.name}"}

    @property
    def install_secrets(self) -> dict[str, str]:
        """The first administrator."""
        return {"MEDIAWIKI_ADMIN_USER": ADMIN, "MEDIAWIKI_ADMIN_PASSWORD": self.admin_password}

    @property
    def app_environment(self) -> dict[str, str]:
        """Address and name."""
        return {"MEDIAWIKI_SERVER": "http://wiki.test:8080", "MEDIAWIKI_SITENAME": "Test"}

    def assert_installed(self, note: str = "") -> None:
        """Check that there is one page, one administrator and the marker alone."""
        groups = f"{self.name}.user JOIN {self.name}.user_groups ON ug_user = user_id"
        admins = self.query(f"SELECT user_name FROM {groups} WHERE ug_group = 'sysop'")
        assert self.query(f"SELECT page_title FROM {self.name}.page") == ["Main_Page"], note
        assert admins == [ADMIN], note
        assert [line.split("\t")[0] for line in self.marker()] == ["schema"], note
