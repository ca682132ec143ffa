import http

import pytest

from tests.create_all import browser
from tests.create_all.conftest import SCREENSHOTS, Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


def test_the_password_command(created: Created) -> None:
    """`make password SITE=blog` shows name and password of the blog's administrator, one a line."""
    assert created.make("password", "SITE=blog").stdout.split() == list(created.administrator("blog"))


PUBLISH = """async (post) => {
  const token = await (await fetch('/wp-admin/admin-ajax.php?action=rest-nonce')).text();
  const headers = {'X-WP-Nonce': token, 'Content-Type': 'application/json'};
  return (await fetch('/wp-json/wp/v2/posts', {method: 'POST', headers, body: JSON.stringify(post)})).status;
}"""
"""What the editor does when a person publishes, in the person's own browser."""


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
        page.goto(f"{url}/wp-login.php")
        page.fill("#user_login", user)
        page.fill("#user_pass", password)
        page.click("#wp-submit")
        page.wait_for_selector("#dashboard-widgets")
        page.screenshot(path=SCREENSHOTS / "blog-dashboard.png")
        post = {"title": "Harbour", "content": "Berth lies here.", "status": "publish"}
        assert page.evaluate(PUBLISH, post) == http.HTTPStatus.CREATED
        stranger.goto(url)
        assert "Berth lies here." in stranger.inner_text("main")
        stranger.screenshot(path=SCREENSHOTS / "blog.png", full_page=True)
    assert len(created.containers("blog")) == 2


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
