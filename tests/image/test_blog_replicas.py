import json
import time

import pytest

from tests.image.blog import HOST, within
from tests.image.containers import docker, eventually, logs
from tests.image.person import Person, administrator
from tests.image.picture import png
from tests.image.site import Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]


@pytest.fixture(scope="module")
def other(site: Site) -> str:
    """Serve the shared blog a second time, and look often for what is due."""
    return site.serve(WORDPRESS_CRON_SECONDS="1")


def _upload(person: Person, web: str, picture: bytes, name: str) -> tuple[int, bytes]:
    headers = person.signed(web, "image/png") | {"Content_Disposition": f'attachment; filename="{name}"'}
    answer = person.ask(web, "/wp-json/wp/v2/media", picture, **headers)
    return answer.status, answer.body


def test_session_holds_on_every_replica(site: Site, web: str, other: str) -> None:
    """A person who logged in on one replica writes on another and reads on the first."""
    person = administrator(site, web)
    assert b"Dashboard" in person.ask(other, "/wp-admin/").body
    post = person.call(other, "/wp/v2/posts", title="Replicas", content="written on one", status="publish")
    assert b"written on one" in get(web, post["link"].removeprefix(f"http://{HOST}"), Host=HOST).body


def test_two_people_see_their_own_pages(site: Site, web: str, other: str) -> None:
    """Of two people each gets the own profile, whichever replica answers."""
    admin = administrator(site, web)
    given = {"username": "writer", "email": "writer@blog.test", "password": "canary-writer", "roles": ["author"]}
    assert admin.call(web, "/wp/v2/users", **given)["slug"] == "writer"
    writer = Person()
    assert writer.log_in(other, "writer", "canary-writer").status == 302
    for replica in (web, other):
        assert b'value="writer@blog.test"' in writer.ask(replica, "/wp-admin/profile.php").body
        assert b'value="admin@blog.test"' in admin.ask(replica, "/wp-admin/profile.php").body


def test_upload_shows_on_every_replica(site: Site, web: str, other: str) -> None:
    """A picture uploaded to one replica is served by another, with its smaller sizes."""
    picture = png(400, 300)
    status, body = _upload(administrator(site, web), web, picture, "berth.png")
    assert status == 201, body
    media = json.loads(body)
    for url in (media["source_url"], media["media_details"]["sizes"]["thumbnail"]["source_url"]):
        path = url.removeprefix(f"http://{HOST}")
        assert path.startswith("/wp-content/uploads/")
        assert get(other, path).headers["Content-Type"] == "image/png"
    assert get(other, media["source_url"].removeprefix(f"http://{HOST}")).body == picture


def test_one_limit_holds_for_uploads(site: Site) -> None:
    """UPLOAD_MIB is the limit of nginx and of PHP, whose own would be 2 MiB."""
    limited = site.serve(UPLOAD_MIB="3")
    person = administrator(site, limited)
    assert _upload(person, limited, png(1000, 900, level=0), "large.png")[0] == 201
    assert _upload(person, limited, png(1600, 1000, level=0), "larger.png")[0] == 413


def test_what_is_due_gets_done(site: Site, web: str, other: str) -> None:
    """A post of the future appears without anybody's visit, done by one replica at a time."""
    later = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 3600))
    post = administrator(site, web).call(web, "/wp/v2/posts", title="Later", status="future", date_gmt=later)
    status = f"SELECT post_status FROM {site.name}.wp_posts WHERE ID = {post['id']}"
    assert site.query(status) == ["future"]
    # The hour is over.
    past = "post_date = post_date - INTERVAL 1 HOUR, post_date_gmt = post_date_gmt - INTERVAL 1 HOUR"
    site.query(f"UPDATE {site.name}.wp_posts SET {past} WHERE ID = {post['id']}")
    within(web, f'wp_schedule_single_event(time() - 1, "publish_future_post", [{post["id"]}]);')
    eventually(lambda: site.query(status) == ["publish"], "the post is published", 60)
    assert "job runner ended" not in logs(other)


def test_network_of_blogs_in_subdirectories(fresh: Site) -> None:
    """A blog becomes a network, whose second blog has pages, styles, log-in and an address of its own."""
    fresh.install()
    given = {"WORDPRESS_MULTISITE": "subdirectory"}
    code, errors = fresh.run("migrate", **given)
    assert (code, "is behind" in errors) == (0, True), errors
    assert "is current" in fresh.run("migrate", **given)[1]
    assert fresh.query(f"SELECT domain, path FROM {fresh.name}.wp_blogs") == [f"{HOST}\t/"]

    web = fresh.serve(**given)
    assert within(web, f'echo wpmu_create_blog("{HOST}", "/second/", "Second", 1);') == "2"
    assert b"<title>Second" in get(web, "/second/", Host=HOST).body
    assert get(web, "/second/wp-login.php", Host=HOST).status == 200
    assert get(web, "/second/wp-includes/css/dashicons.min.css", Host=HOST).status == 200
    assert get(web, "/second/wp-config.php", Host=HOST).status == 404
    person = administrator(fresh, web)
    assert b"Network Admin" in person.ask(web, "/wp-admin/network/").body
    assert fresh.run("migrate", **given)[0] == 0


def test_network_of_blogs_by_subdomain(fresh: Site) -> None:
    """A blog that is a network from the beginning takes what is due blog by blog."""
    given = {"WORDPRESS_MULTISITE": "subdomain"}
    assert fresh.run("provision")[0] == 0
    code, errors = fresh.run("migrate", **given)
    assert code == 0, errors
    web = fresh.serve(**given)
    assert within(web, f'echo wpmu_create_blog("second.{HOST}", "/", "Second", 1);') == "2"
    assert b"<title>Second" in get(web, "/", Host=f"second.{HOST}").body
    blogs = docker("exec", web, "php", "/usr/local/lib/berth/app/blogs.php").stdout
    assert blogs.split() == [f"http://{HOST}/", f"http://second.{HOST}/"]
