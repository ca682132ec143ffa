"""A person with a browser's cookies, who asks whichever replica of a blog."""

import http.client
import json
import urllib.parse
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from tests.image.blog import HOST
from tests.image.site import ADMIN, Answer, Site, address


@dataclass
class Person:
    """Keeps what it is told to keep; follows no redirect."""

    host: str = HOST
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, web: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask a replica for a path, by POST where there is a body."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Host": self.host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        connection = http.client.HTTPConnection(*address(web), timeout=60)
        try:
            connection.request("GET" if body is None else "POST", path, body, sent)
            answer = connection.getresponse()
            self._keep(answer.headers.get_all("Set-Cookie", []))
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}

    def log_in(self, web: str, name: str, password: str) -> Answer:
        """Send the form of the log-in page."""
        self.ask(web, "/wp-login.php")
        form = urllib.parse.urlencode({"log": name, "pwd": password, "testcookie": "1"}).encode()
        return self.ask(web, "/wp-login.php", form, Content_Type="application/x-www-form-urlencoded")

    def call(self, web: str, path: str, **fields: Any) -> dict[str, Any]:
        """Send fields to the REST API in this person's name."""
        answer = self.ask(web, f"/wp-json{path}", json.dumps(fields).encode(), **self.signed(web, "application/json"))
        return json.loads(answer.body)

    def signed(self, web: str, kind: str) -> dict[str, str]:
        """Return the headers of a request that changes something."""
        nonce = self.ask(web, "/wp-admin/admin-ajax.php?action=rest-nonce").body.decode()
        return {"X_WP_Nonce": nonce, "Content_Type": kind}


def administrator(site: Site, web: str) -> Person:
    """Return the administrator, logged in."""
    person = Person()
    answer = person.log_in(web, ADMIN, site.admin_password)
    assert (answer.status, answer.headers["Location"]) == (302, f"http://{HOST}/wp-admin/")
    return person
