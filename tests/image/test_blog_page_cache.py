import uuid

import pytest

from tests.image.blog import HOST
from tests.image.person import Person, administrator
from tests.image.site import Answer, Site, ask, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]


@pytest.fixture(scope="module")
def other(site: Site) -> str:
    """Serve the shared blog a second time."""
    return site.serve()


@pytest.fixture(scope="module")
def editor(site: Site, web: str) -> Person:
    """Log in as the administrator."""
    return administrator(site, web)


@pytest.fixture
def post(editor: Person, web: str) -> tuple[int, str]:
    """Publish a post that nobody has read; its number and path."""
    made = editor.call(web, "/wp/v2/posts", title=uuid.uuid4().hex, content="first text", status="publish")
    return made["id"], made["link"].removeprefix(f"http://{HOST}")


def _read(web: str, path: str, **headers: str) -> Answer:
    return get(web, path, **({"Host": HOST} | headers))


def _found(answer: Answer) -> str | None:
    return answer.headers["X-Cache"]


def test_second_reader_gets_the_kept_page(web: str, post: tuple[int, str]) -> None:
    """A post is made once for readers without a session."""
    first, second = _read(web, post[1]), _read(web, post[1])
    assert [_found(first), _found(second)] == ["MISS", "HIT"]
    assert first.body == second.body


def test_change_shows_on_every_replica_at_once(editor: Person, web: str, other: str, post: tuple[int, str]) -> None:
    """An edit on one replica makes all forget the post, and the front page that lists it."""
    number, path = post
    for replica in (web, other):
        assert [_found(_read(replica, page)) for page in (path, path, "/", "/")][1::2] == ["HIT", "HIT"]
    editor.call(web, f"/wp/v2/posts/{number}", title="Another title", content="second text")
    for replica in (web, other):
        assert b"second text" in _read(replica, path).body
        assert b"Another title" in _read(replica, "/").body


def test_pages_of_people_are_theirs_alone(editor: Person, web: str, other: str, post: tuple[int, str]) -> None:
    """Who is logged in gets pages of their own on either replica, and readers see none of them."""
    for replica in (web, other):
        for _ in range(2):
            mine, reader = editor.ask(replica, post[1]), _read(replica, post[1])
            assert _found(mine) == "BYPASS"
            assert (b"wp-admin-bar" in mine.body, b"wp-admin-bar" in reader.body) == (True, False)


@pytest.mark.parametrize("cookie", ["wordpress_logged_in_1=x", "a=b; wp-postpass_1=x", "comment_author_1=Berta"])
def test_cookie_of_a_person_goes_past_the_cache(web: str, post: tuple[int, str], cookie: str) -> None:
    """Whoever has a session, knows a password or wrote a comment gets no kept page, and leaves none."""
    assert _found(_read(web, post[1], Cookie=cookie)) == "BYPASS"
    assert _found(_read(web, post[1])) == "MISS"


def test_post_with_a_password_is_not_kept(editor: Person, web: str) -> None:
    """The form that asks for the password is nobody else's page."""
    asked = {"title": uuid.uuid4().hex, "content": "canary-hidden", "status": "publish", "password": "open"}
    path = editor.call(web, "/wp/v2/posts", **asked)["link"].removeprefix(f"http://{HOST}")
    answers = [_read(web, path) for _ in range(2)]
    assert "HIT" not in [_found(answer) for answer in answers]
    assert all(b"canary-hidden" not in answer.body for answer in answers)


@pytest.mark.parametrize("path", ["/?s=text", "/wp-login.php", "/wp-json/wp/v2/posts"])
def test_other_answers_are_not_kept(web: str, path: str) -> None:
    """Searches, the log-in page and the REST API are asked of WordPress each time."""
    assert "HIT" not in [_found(_read(web, path)) for _ in range(2)]


def test_without_the_cache_nothing_is_kept(site: Site) -> None:
    """PAGE_CACHE_SECONDS=0 asks WordPress for every page."""
    plain = site.serve(PAGE_CACHE_SECONDS="0")
    assert "HIT" not in [_found(_read(plain, "/")) for _ in range(3)]


def test_comment_shows_at_once(web: str, other: str, post: tuple[int, str], editor: Person) -> None:
    """An approved comment makes every replica forget the page that shows it."""
    for replica in (web, other):
        _read(replica, post[1])
    made = editor.call(web, "/wp/v2/comments", post=post[0], content="a comment of the editor's")
    assert made["status"] == "approved"
    for replica in (web, other):
        assert b"a comment of the editor" in _read(replica, post[1]).body


def test_stranger_cannot_purge(web: str, post: tuple[int, str]) -> None:
    """Without a signature nothing is forgotten."""
    _read(web, post[1])
    assert ask("POST", web, "/purge", b'{"time": 1, "urls": null}').status == 403
    assert _found(_read(web, post[1])) == "HIT"
