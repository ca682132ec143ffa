import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from modules.apps import mediawiki
from tests.image.building import built
from tests.image.client import Client
from tests.image.site import Database, get
from tests.image.wiki import Wiki

pytestmark = pytest.mark.containers

QUESTION, ANSWER = 'What is "2 + 2"?', "four"


@pytest.fixture(scope="module")
def asking(base: str, database: Database) -> Iterator[str]:
    """Serve a wiki that asks strangers a question."""
    with contextlib.closing(Wiki(built(mediawiki.image(asks=True), base), database)) as site:
        site.install()
        yield site.serve(MEDIAWIKI_CAPTCHA=json.dumps({QUESTION: ANSWER}))


def _sign_up(client: Client, web: str, name: str, **captcha: str) -> dict[str, Any]:
    token = client.token(web, "createaccount")
    fields = {"username": name, "password": "a long one, 17", "retype": "a long one, 17", "createtoken": token}
    url = "http://wiki.test:8080/"
    return client.call(web, action="createaccount", createreturnurl=url, **fields, **captcha)


def _question(client: Client, web: str) -> tuple[str, str]:
    found = client.call(web, action="query", meta="authmanagerinfo", amirequestsfor="create")
    fields = [one["fields"] for one in found["query"]["authmanagerinfo"]["requests"] if "captchaId" in one["fields"]]
    return fields[0]["captchaId"]["value"], str(fields[0])


def test_a_stranger_is_asked(asking: str) -> None:
    """The form for a new account shows the question, in words and not as a message's key."""
    page = get(asking, "/index.php?title=Special:CreateAccount").body.decode()
    assert "What is &quot;2 + 2&quot;?" in page or QUESTION in page
    assert "⧼" not in page


def test_an_account_takes_the_right_answer(asking: str) -> None:
    """Without the answer, or with a wrong one, there is no account."""
    client = Client()
    assert _sign_up(client, asking, "Robot")["createaccount"]["status"] == "FAIL"
    for answer, status in (("five", "FAIL"), (ANSWER, "PASS")):
        number, _ = _question(client, asking)
        found = _sign_up(client, asking, "Reader", captchaId=number, captchaWord=answer)
        assert found["createaccount"]["status"] == status, found


def test_a_stranger_s_link_takes_an_answer(asking: str) -> None:
    """Who is not known adds text at once, and an address of another site after the question."""
    client = Client()
    token = client.token(asking, "csrf")
    plain = client.call(asking, action="edit", title="Plain", text="words", token=token)
    linked = client.call(asking, action="edit", title="Spam", text="http://spam.example.org", token=token)
    assert plain["edit"]["result"] == "Success"
    assert (linked["edit"]["result"], linked["edit"]["captcha"]["question"]) == ("Failure", QUESTION)


def test_a_flood_of_edits_is_stopped(asking: str) -> None:
    """A stranger makes five new pages in five minutes and no more."""
    client = Client()
    token = client.token(asking, "csrf")
    pages = [client.call(asking, action="edit", title=f"Flood {i}", text="x", token=token) for i in range(12)]
    written = [page for page in pages if page.get("edit", {}).get("result") == "Success"]
    assert 1 <= len(written) <= 5
    assert pages[-1]["error"]["code"] == "ratelimited"
