import time
import uuid

import pytest

from tests.image.client import Client
from tests.image.containers import eventually, execute, logs
from tests.image.site import ADMIN, Answer, Site, ask, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]

HOST = "wiki.test:8080"


@pytest.fixture(scope="module")
def other(site: Site) -> str:
    """Serve the shared wiki a second time."""
    return site.serve()


@pytest.fixture(scope="module")
def editor(site: Site, web: str) -> Client:
    """Log in as the administrator."""
    client = Client()
    client.log_in(web, ADMIN, site.admin_password)
    return client


@pytest.fixture
def title(editor: Client, web: str) -> str:
    """Write a page that nobody has read."""
    title = f"Page_{uuid.uuid4().hex[:8]}"
    editor.edit(web, title, "first text")
    return title


def _read(web: str, title: str, **headers: str) -> Answer:
    return get(web, f"/wiki/{title}", **({"Host": HOST} | headers))


def _found(answer: Answer) -> str | None:
    return answer.headers["X-Cache"]


def test_second_reader_gets_the_kept_page(web: str, title: str) -> None:
    """A page is made once for readers without a session; their browsers ask again each time; the log tells."""
    first, second = _read(web, title), _read(web, title)
    assert (_found(first), _found(second)) == ("MISS", "HIT")
    assert first.body == second.body
    assert second.headers["Cache-Control"] == "private, must-revalidate, max-age=0"
    eventually(lambda: '"cache":"HIT"' in logs(web), "the log tells")


def test_browser_that_has_the_page_is_told_so(web: str, title: str) -> None:
    """A kept page answers a browser's question without its text."""
    seen = _read(web, title).headers["Last-Modified"]
    again = _read(web, title, If_Modified_Since=seen)
    assert (again.status, again.body, _found(again)) == (304, b"", "HIT")


def test_pages_of_people_are_theirs_alone(site: Site, web: str, other: str, editor: Client, title: str) -> None:
    """On either replica two people see pages of their own, neither is kept, and readers see none of them."""
    asked = {"username": "Berta", "password": "canary-berta-1", "retype": "canary-berta-1"}
    token = editor.call(web, action="query", meta="tokens", type="createaccount")
    token = token["query"]["tokens"]["createaccounttoken"]
    editor.call(web, action="createaccount", createtoken=token, createreturnurl=f"http://{HOST}/", **asked)
    second = Client()
    second.log_in(other, "Berta", asked["password"])
    for replica in (web, other):
        for _ in range(2):
            mine, hers = (_read(replica, title, Cookie=client.cookie) for client in (editor, second))
            reader = _read(replica, title)
            assert (b"User:Admin" in mine.body, b"User:Berta" in mine.body) == (True, False)
            assert (b"User:Admin" in hers.body, b"User:Berta" in hers.body) == (False, True)
            assert (_found(mine), _found(hers)) == ("BYPASS", "BYPASS")
            assert b"User:Berta" not in reader.body
            assert b"pt-logout" not in reader.body
        assert execute(replica, "grep -rl 'pt-logout\\|User:Berta' /var/cache/berth/pages", check=False) == ""
    assert site.query(f"SELECT COUNT(*) FROM {site.name}.user WHERE user_name = 'Berta'") == ["1"]


@pytest.mark.parametrize(
    "cookie", ["wiki_session=x", "a=b; wikiUserID=1", "wikiToken=x", "wikiUserName=Berta", "wikiLoggedOut=1"]
)
def test_cookie_of_a_session_goes_past_the_cache(web: str, title: str, cookie: str) -> None:
    """Whoever has or had a session gets no kept page, and leaves none."""
    assert _found(_read(web, title, Cookie=cookie)) == "BYPASS"
    assert _found(_read(web, title)) == "MISS"
    assert _found(_read(web, title, Cookie=cookie)) == "BYPASS"


def test_other_cookies_do_not_matter(web: str, title: str) -> None:
    """A reader with cookies of other things gets the kept page."""
    _read(web, title)
    assert _found(_read(web, title, Cookie="_ga=1; wikiUserName=; wikimwuser-sessionId=2")) == "HIT"


def test_authorization_goes_past_the_cache(web: str, title: str) -> None:
    """Who shows who they are by a header gets no kept page, and leaves none."""
    assert _found(_read(web, title, Authorization="Basic eDp5")) == "BYPASS"
    assert _found(_read(web, title)) == "MISS"


def test_edit_shows_on_every_replica_at_once(web: str, other: str, editor: Client, title: str) -> None:
    """An edit on one replica makes all forget the page."""
    for replica in (web, other):
        assert [_found(_read(replica, title)) for _ in range(2)] == ["MISS", "HIT"]
    editor.edit(web, title, "second text")
    for replica in (web, other):
        assert b"second text" in _read(replica, title).body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_created_page_shows_at_once(other: str, web: str, editor: Client, method: str) -> None:
    """That a page is missing is kept, and forgotten when it is written."""
    title = f"Page_{uuid.uuid4().hex[:8]}"
    for _ in range(2):
        answer = ask(method, other, f"/wiki/{title}", Host=HOST)
    assert (answer.status, _found(answer)) == (404, "HIT")
    editor.edit(web, title, "first text")
    assert ask(method, other, f"/wiki/{title}", Host=HOST).status == 200


def test_edit_shows_within_the_limit_without_purges(site: Site, editor: Client, title: str) -> None:
    """Where no purge arrives, a page is never older than the setting."""
    replicas = [site.serve(PAGE_CACHE_SECONDS="12") for _ in range(2)]
    table = f"{site.name}.berth_replicas"
    # Nobody is found alive any more.
    site.query(f"CREATE TRIGGER {site.name}.deaf BEFORE INSERT ON {table} FOR EACH ROW SET NEW.seen = '2001-01-01'")
    site.query(f"UPDATE {table} SET seen = '2001-01-01'")
    try:
        for replica in replicas:
            _read(replica, title)
        editor.edit(replicas[0], title, "second text")
        edited = time.monotonic()
        kept = [_read(replica, title) for replica in replicas]
        assert [(_found(answer), b"first text" in answer.body) for answer in kept] == [("HIT", True)] * 2
        time.sleep(12 - (time.monotonic() - edited))
        assert all(b"second text" in _read(replica, title).body for replica in replicas)
    finally:
        site.query(f"DROP TRIGGER {site.name}.deaf")


def test_answer_that_sets_a_cookie_is_not_kept(web: str) -> None:
    """The log-in page starts a session: each reader gets a new one."""
    answers = [get(web, "/wiki/Special:UserLogin", Host=HOST) for _ in range(2)]
    assert [_found(answer) for answer in answers] == ["MISS", "MISS"]
    assert len({answer.headers["Set-Cookie"] for answer in answers}) == 2


@pytest.mark.parametrize("query", ["action=edit", "action=raw&debug=1", "veaction=edit", "action=purge"])
def test_request_for_more_than_a_view_goes_past_the_cache(web: str, title: str, query: str) -> None:
    """What is not a view is not looked up."""
    assert _found(get(web, f"/index.php?title={title}&{query}", Host=HOST)) == "BYPASS"


def test_asking_for_long_keeping_does_not_help(site: Site, editor: Client, title: str) -> None:
    """A raw page may ask to be kept for long; the setting is the limit all the same."""
    brief = site.serve(PAGE_CACHE_SECONDS="1")
    path = f"/index.php?title={title}&action=raw&smaxage=3600&maxage=3600"
    assert get(brief, path, Host="alias.test").body == b"first text"
    editor.edit(brief, title, "second text")
    time.sleep(1.1)
    assert get(brief, path, Host="alias.test").body == b"second text"


def test_post_is_never_kept(web: str, title: str) -> None:
    """A form gets an answer of its own, before and after the page is kept."""
    path = f"/index.php?title={title}"
    for _ in range(2):
        assert _found(ask("POST", web, path, b"x=1", Host=HOST)) is None
        assert get(web, path, Host=HOST).status == 200


def test_head_and_get_are_kept_apart(web: str, title: str) -> None:
    """A kept answer without a body is not given to those who want one."""
    assert [_found(ask("HEAD", web, f"/wiki/{title}", Host=HOST)) for _ in range(2)] == ["MISS", "HIT"]
    assert b"first text" in _read(web, title).body


def test_hosts_are_kept_apart(web: str, title: str) -> None:
    """A page asked for under another name is not given to readers of this one."""
    assert [_found(_read(web, title, Host=host)) for host in (HOST, "evil.test", HOST)] == ["MISS", "MISS", "HIT"]


def test_schemes_are_kept_apart(site: Site, title: str) -> None:
    """Behind a load balancer, pages of http and https are two."""
    behind = site.serve(TRUSTED_PROXIES="0.0.0.0/0")
    schemes = [_found(_read(behind, title, X_Forwarded_Proto=scheme)) for scheme in ("http", "https", "https")]
    assert schemes == ["MISS", "MISS", "HIT"]


def test_compression_suits_the_reader(web: str, title: str) -> None:
    """One kept page serves browsers that unpack and those that do not."""
    packed = _read(web, title, Accept_Encoding="gzip")
    plain = _read(web, title)
    assert (packed.headers["Content-Encoding"], plain.headers["Content-Encoding"]) == ("gzip", None)
    assert (_found(plain), b"first text" in plain.body) == ("HIT", True)


def test_cache_outlives_fpm(web: str, title: str) -> None:
    """A reload of FPM costs no kept page."""
    _read(web, title)
    execute(web, "kill -USR2 $(</run/berth/php-fpm.pid)")
    assert _found(_read(web, title)) == "HIT"
    eventually(lambda: get(web, "/healthz").status == 200, "FPM is back")


def test_cache_may_be_off(site: Site, title: str) -> None:
    """PAGE_CACHE_SECONDS=0 keeps nothing."""
    plain = site.serve(PAGE_CACHE_SECONDS="0")
    assert [_found(_read(plain, title)) for _ in range(2)] == [None, None]
    assert execute(plain, "find /var/cache/berth/pages -type f") == ""


def test_setting_must_be_seconds(site: Site) -> None:
    """A setting that is no number ends the container with what it may be."""
    code, errors = site.run("serve", PAGE_CACHE_SECONDS="1m")
    assert code == 1
    assert "PAGE_CACHE_SECONDS: got '1m'; must be seconds, from 1 to 99999, or 0 for none" in errors
