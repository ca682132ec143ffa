"""One blog of the image's tests."""

from dataclasses import dataclass
from typing import ClassVar

from modules.apps.wordpress import SALTS
from tests.image.containers import execute
from tests.image.site import ADMIN, Site

HOST = "blog.test:8080"
"""Where the blogs of the tests say they are."""


@dataclass
class Blog(Site):
    """A WordPress."""

    app: ClassVar[str] = "wordpress"
    front: ClassVar[str] = "/sample-page/"
    root: ClassVar[str] = "/usr/share/wordpress"
    shared: ClassVar[str] = "uploads"
    form: ClassVar[tuple[str, bytes, bytes]] = ("/wp-login.php", b"log=nobody&pwd=nothing", b"<strong>nobody</strong>")
    operation: ClassVar[tuple[str, str]] = ("php /usr/local/lib/berth/app/blogs.php", f"http://{HOST}")
    installer: ClassVar[str] = "app/install.php"
    markers: ClassVar[tuple[str, str]] = ("58975 single", "99999 single")
    table: ClassVar[str] = "wp_links"

    @property
    def app_secrets(self) -> dict[str, str]:
        """Eight keys and salts."""
        return {f"WORDPRESS_{key.upper()}": f"canary-{key}-{self.name}" for key in SALTS}

    @property
    def install_secrets(self) -> dict[str, str]:
        """The first administrator."""
        return {"WORDPRESS_ADMIN_USER": ADMIN, "WORDPRESS_ADMIN_PASSWORD": self.admin_password}

    @property
    def app_environment(self) -> dict[str, str]:
        """Address, name and the administrator's address."""
        return {
            "WORDPRESS_URL": f"http://{HOST}",
            "WORDPRESS_TITLE": "Test",
            "WORDPRESS_ADMIN_EMAIL": "admin@blog.test",
        }

    def assert_installed(self, note: str = "") -> None:
        """Check that there are the sample posts, one administrator and the marker alone."""
        posts = self.query(f"SELECT post_name FROM {self.name}.wp_posts WHERE post_status = 'publish' ORDER BY ID")
        users = f"{self.name}.wp_users JOIN {self.name}.wp_usermeta ON user_id = wp_users.ID"
        admins = self.query(
            f"SELECT user_login FROM {users} WHERE meta_key = 'wp_capabilities' AND meta_value LIKE '%administrator%'"
        )
        assert posts[:2] == ["hello-world", "sample-page"], note
        assert len(posts) == len(set(posts)), note
        assert admins == [ADMIN], note
        assert [line.split("\t")[0] for line in self.marker()] == ["schema"], note


def within(web: str, php: str) -> str:
    """Run PHP inside a serving blog's WordPress; what it prints."""
    start = 'require "/usr/local/lib/berth/app/request.php"; require "/usr/share/wordpress/wp-load.php"; '
    return execute(web, f"php -r '{start}{php}'")
