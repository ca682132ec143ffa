import pytest

from tests.create_all import browser
from tests.create_all.conftest import SCREENSHOTS, Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


def test_the_password_command(created: Created) -> None:
    """`make password SITE=blog` shows name and password of the blog's administrator, one a line."""
    assert created.make("password", "SITE=blog").stdout.split() == list(created.administrator("blog"))


@pytest.mark.browser
def test_a_person_logs_in_and_writes(created: Created) -> None:
    """The administrator logs in through the load balancer and writes a post, which a stranger reads at once."""
    user, password = created.administrator("blog")
    url = created.url_of("blog")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with browser.opened() as page, browser.opened() as stranger:
        stranger.goto(url)
        assert stranger.title().startswith("Berth Blog")
        page.goto(f"{url}/wp-login.php")
        page.fill("#user_login", user)
        page.fill("#user_pass", password)
        page.click("#wp-submit")
        page.wait_for_selector("#dashboard-widgets")
        page.screenshot(path=SCREENSHOTS / "blog-dashboard.png")
        page.fill("#title", "Harbour")
        page.fill("#content", "Berth lies here.")
        page.click("#save-post")
        page.wait_for_selector(".easy-blogging, .drafts li")
        page.goto(f"{url}/wp-admin/edit.php?post_status=draft&post_type=post")
        identity = page.get_attribute("#the-list tr:first-child", "id") or ""
        page.goto(f"{url}/wp-admin/post.php?post={identity.removeprefix('post-')}&action=edit")
        token = page.evaluate("wpApiSettings.nonce")
        answer = page.request.post(
            f"{url}/wp-json/wp/v2/posts/{identity.removeprefix('post-')}",
            headers={"X-WP-Nonce": token},
            data={"status": "publish"},
        )
        assert answer.ok, answer.text()
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
        headers = [container.exec_run(["bash", "-c", ASK]).output.decode() for container in created.containers("blog")]
        assert len(headers) == 2
        assert all(f"X-Extra: {text}" in header for header in headers), headers
        seen.append({container.id for container in created.containers("blog")})
    assert not seen[0] & seen[1]


ASK = r"exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET / HTTP/1.0\r\nHost: x\r\n\r\n' >&3; head -n 20 <&3"
"""Shell that prints the first lines of a replica's own answer."""
