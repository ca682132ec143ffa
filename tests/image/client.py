"""A person with a browser, as the image's tests know one."""

import json
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from tests.image.site import address


class Client:
    """A person's cookies, which go to whichever replica answers."""

    def __init__(self) -> None:
        self.cookies = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def call(self, web: str, upload: bytes | None = None, **fields: str) -> dict[str, Any]:
        """Call a replica's API by POST."""
        host, port = address(web)
        fields["format"] = "json"
        body, kind = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        if upload is not None:
            body, kind = _multipart(fields, upload), "multipart/form-data; boundary=berth"
        request = urllib.request.Request(f"http://{host}:{port}/api.php", body, {"Content-Type": kind})
        with self.opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def token(self, web: str, kind: str) -> str:
        """Token of a kind: login or csrf."""
        return self.call(web, action="query", meta="tokens", type=kind)["query"]["tokens"][f"{kind}token"]

    def log_in(self, web: str, name: str, password: str, token_from: str | None = None) -> None:
        """Log in on one replica, with a token of another where one is given."""
        token = self.token(token_from or web, "login")
        answer = self.call(web, action="login", lgname=name, lgpassword=password, lgtoken=token)
        assert answer["login"]["result"] == "Success", answer

    def edit(self, web: str, title: str, text: str) -> None:
        """Write a page."""
        answer = self.call(web, action="edit", title=title, text=text, token=self.token(web, "csrf"))
        assert answer["edit"]["result"] == "Success", answer

    @property
    def cookie(self) -> str:
        """What its browser sends."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)


def _multipart(fields: dict[str, str], upload: bytes) -> bytes:
    head = "--berth\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    head += '"file"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
    return "".join([*parts, head]).encode() + upload + b"\r\n--berth--\r\n"
