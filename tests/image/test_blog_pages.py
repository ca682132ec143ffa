import json

import pytest

from tests.image.blog import HOST, within
from tests.image.containers import execute
from tests.image.site import Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]

NOT_SERVED = [
    "/wp-config.php",
    "/%77p-config.php",
    "/wp-admin/../wp-config.php",
    "/readme.html",
    "/license.txt",
    "/xmlrpc.php",
    "/wp-cron.php",
    "/wp-trackback.php",
    "/wp-mail.php",
    "/wp-load.php",
    "/wp-includes/version.php",
    "/wp-includes/rest-api.php",
    "/wp-admin/install.php",
    "/wp-admin/setup-config.php",
    "/wp-admin/upgrade.php",
    "/wp-admin/includes/upgrade.php",
    "/wp-admin/maint/repair.php",
    "/wp-content/db.php",
    "/wp-content/mu-plugins/updates.php",
    "/wp-content/plugins/index.php",
    "/wp-content/themes/twentytwentyfive/functions.php",
    "/wp-content/themes/twentytwentyfive/theme.json",
    "/wp-content/debug.log",
    "/.git/config",
    "/.htaccess",
    "/wp-content/uploads/.htaccess",
    "//wp-config.php",
]


@pytest.mark.parametrize("path", NOT_SERVED)
def test_path_is_not_served(web: str, path: str) -> None:
    """What is not for readers does not exist for them."""
    answer = get(web, path, Host=HOST)
    assert answer.status == 404
    assert b"<?php" not in answer.body


def test_pretty_addresses_show_pages(web: str) -> None:
    """Posts and pages have readable addresses, and the others lead to them with the port kept."""
    answer = get(web, "/?p=1", Host=HOST)
    assert answer.status == 301
    assert answer.headers["Location"].startswith(f"http://{HOST}/20")
    path = answer.headers["Location"].removeprefix(f"http://{HOST}")
    assert b"Hello world!" in get(web, path, Host=HOST).body
    assert b"Sample Page" in get(web, "/sample-page/", Host=HOST).body
    assert get(web, "/no-such-page/", Host=HOST).status == 404


def test_another_host_changes_nothing(web: str) -> None:
    """Whatever host a stranger names, pages and redirects hold the blog's own address only."""
    for path in ("/sample-page/", "/?p=1", "/sample-page", "/wp-admin/"):
        answer = get(web, path, Host="evil.example")
        assert b"evil.example" not in answer.body
        assert answer.headers.get("Location", f"http://{HOST}/").startswith(f"http://{HOST}/")


def test_interfaces_answer(web: str) -> None:
    """The REST API, the feed, robots.txt and the site map work."""
    (post,) = json.loads(get(web, "/wp-json/wp/v2/posts?slug=hello-world", Host=HOST).body)
    assert post["title"]["rendered"] == "Hello world!"
    for path, kind in (("/feed/", "application/rss+xml"), ("/robots.txt", "text/plain"), ("/wp-sitemap.xml", "appli")):
        answer = get(web, path, Host=HOST)
        assert answer.status == 200, path
        assert answer.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/wp-login.php",
        "/wp-includes/css/dashicons.min.css",
        "/wp-includes/fonts/dashicons.woff2",
        "/wp-includes/js/dist/vendor/lodash.min.js",
        "/wp-content/themes/twentytwentyfive/screenshot.png",
        "/wp-admin/css/common.min.css",
    ],
)
def test_every_answer_forbids_sniffing(web: str, path: str) -> None:
    """Each kind of answer says exactly once that its type is not to be guessed, and no version."""
    answer = get(web, path, Host=HOST)
    assert answer.status == 200
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers["Server"] == "nginx"
    assert answer.headers["X-Powered-By"] is None
    assert answer.headers["X-Pingback"] is None


@pytest.mark.parametrize("name", ["evil.php", "evil.PHP", "evil.phtml", "evil.phar", "evil.jpg.php"])
def test_uploaded_php_never_runs(web: str, name: str) -> None:
    """PHP in the folder of uploads is neither run nor shown, also by a path behind its name."""
    execute(web, f"echo '<?php echo 6*7;' >/srv/files/uploads/{name}")
    for path in (f"/wp-content/uploads/{name}", f"/wp-content/uploads/{name}/x.jpg"):
        answer = get(web, path, Host=HOST)
        assert answer.status == 404
        assert b"42" not in answer.body
        assert b"<?php" not in answer.body


def test_script_in_an_upload_is_fenced(web: str) -> None:
    """Nothing in an upload may run in the reader's browser."""
    execute(web, "echo '<svg/>' >/srv/files/uploads/drawing.svg")
    headers = get(web, "/wp-content/uploads/drawing.svg", Host=HOST).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_load_balancer_is_believed(site: Site) -> None:
    """Behind a proxy that speaks HTTPS the log-in cookies are for HTTPS, and there is no redirect for ever."""
    behind = site.serve(TRUSTED_PROXIES="10.0.0.0/8,172.16.0.0/12,192.168.0.0/16", WORDPRESS_URL="https://blog.test")
    forwarded = {"Host": "blog.test", "X_Forwarded_Proto": "https"}
    assert get(behind, "/sample-page/", **forwarded).status == 200
    answer = get(behind, "/wp-login.php", **forwarded)
    assert answer.status == 200
    assert "secure" in answer.headers["Set-Cookie"].lower()
    assert get(behind, "/wp-admin/", **forwarded).headers["Location"].startswith("https://blog.test/wp-login.php")


def test_code_stays_the_image_s(web: str) -> None:
    """Nobody edits, installs or updates code from within, and page views run no jobs."""
    names = ("DISALLOW_FILE_EDIT", "DISALLOW_FILE_MODS", "AUTOMATIC_UPDATER_DISABLED", "DISABLE_WP_CRON")
    php = " ".join(f'echo json_encode(constant("{name}"));' for name in names)
    assert within(web, php) == "true" * len(names)


def test_nothing_calls_home(web: str) -> None:
    """No update check asks WordPress' servers, and no update is ever on offer."""
    php = 'echo wp_remote_get("https://api.wordpress.org/core/version-check/1.7/")->get_error_code();'
    assert within(web, php) == "berth"
    assert within(web, 'wp_version_check(); echo count(get_site_transient("update_core")->updates);') == "0"


def test_xml_rpc_has_no_methods(web: str) -> None:
    """Were there a way to XML-RPC, it could do nothing."""
    assert within(
        web, 'echo json_encode([apply_filters("xmlrpc_enabled", true), apply_filters("xmlrpc_methods", [1])]);'
    ) == ("[false,[]]")
