import http
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.create_all import browser
from tests.create_all.conftest import SCREENSHOTS, Created
from tests.image import extensible
from tests.image.containers import eventually

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


def test_the_password_command(created: Created) -> None:
    """`make password SITE=blog` shows name and password of the blog's administrator, one a line."""
    assert created.make("password", "SITE=blog").stdout.split() == list(created.administrator("blog"))


REPLACED_SECONDS = 180
PUBLISH = """async (post) => {
  const token = await (await fetch('/wp-admin/admin-ajax.php?action=rest-nonce')).text();
  const headers = {'X-WP-Nonce': token, 'Content-Type': 'application/json'};
  return (await fetch('/wp-json/wp/v2/posts', {method: 'POST', headers, body: JSON.stringify(post)})).status;
}"""
"""What the editor does when a person publishes, in the person's own browser."""


def _log_in(page: Page, url: str, user: str, password: str) -> None:
    page.goto(f"{url}/wp-login.php")
    page.fill("#user_login", user)
    page.fill("#user_pass", password)
    page.click("#wp-submit")
    page.wait_for_selector("#dashboard-widgets")


@pytest.mark.browser
def test_a_person_logs_in_and_writes(created: Created) -> None:
    """The administrator logs in through the load balancer and writes a post, which a stranger reads at once."""
    user, password = created.administrator("blog")
    url = created.url_of("blog")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with browser.opened() as page:
        stranger = browser.another_person(page)
        stranger.goto(url)
        assert stranger.title().startswith("Berth Blog")
        _log_in(page, url, user, password)
        page.screenshot(path=SCREENSHOTS / "blog-dashboard.png")
        post = {"title": "Harbour", "content": "Berth lies here.", "status": "publish"}
        assert page.evaluate(PUBLISH, post) == http.HTTPStatus.CREATED
        stranger.goto(url)
        assert "Berth lies here." in stranger.inner_text("main")
        stranger.screenshot(path=SCREENSHOTS / "blog.png", full_page=True)
    assert len(created.containers("blog")) == 2


def _all_show(created: Created, wanted: bytes) -> bool:
    """Whether each of several readers, whom both replicas serve, finds it on a page that no cache has."""
    pages = [created.ask("blog", f"/?reader={uuid.uuid4()}") for _ in range(10)]
    return all(wanted in page.body for page in pages)


@pytest.mark.browser
def test_a_person_installs_a_plugin(created: Created, tmp_path: Path) -> None:
    """Uploaded and switched on in wp-admin, it runs on every replica, and on one that takes a lost one's place."""
    user, password = created.administrator("blog")
    url = created.url_of("blog")
    packed = tmp_path / "berth-test.zip"
    packed.write_bytes(extensible.archive("1"))
    with browser.opened() as page:
        _log_in(page, url, user, password)
        page.goto(f"{url}/wp-admin/plugin-install.php?tab=upload")
        page.set_input_files("#pluginzip", str(packed))
        page.click("#install-plugin-submit")
        page.get_by_role("link", name="Activate Plugin").click()
        page.wait_for_selector("#message")
        page.screenshot(path=SCREENSHOTS / "blog-plugins.png")
    wanted = extensible.mark("berth-test", "1").encode()
    eventually(lambda: _all_show(created, wanted), "every replica runs the plugin")
    lost = created.containers("blog")[0]
    lost.kill()
    eventually(
        lambda: len({each.id for each in created.containers("blog")} - {lost.id}) == 2,
        "another replica runs",
        REPLACED_SECONDS,
    )
    eventually(lambda: _all_show(created, wanted), "the new replica runs the plugin", REPLACED_SECONDS)


def test_settings_from_s3_roll_the_site(created: Created) -> None:
    """A settings file in S3 reaches every replica, and another content of it is a change that rolls them."""
    bucket = created.place.config.state.bucket
    created.change({"config": [f"s3://{bucket}/settings/extra.php"]}, site="blog")
    seen = []
    for text in ("one", "two"):
        body = f"<?php\nheader('X-Extra: {text}');\n".encode()
        created.place.client("s3").put_object(Bucket=bucket, Key="settings/extra.php", Body=body)
        done = created.make("apply")
        assert done.returncode == 0, done.stderr
        assert {created.ask("blog", "/").headers["X-Extra"] for _ in range(10)} == {text}
        seen.append({container.id for container in created.containers("blog")})
    assert not seen[0] & seen[1]
