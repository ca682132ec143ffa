import hashlib
import hmac
import json
import time
import uuid

import pytest

from tests.image.containers import docker, eventually, execute, inspect
from tests.image.site import Answer, Site, ask, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]

HOST = "wiki.test:8080"


def _signature(site: Site, body: bytes) -> str:
    key = hmac.new(site.secrets["MEDIAWIKI_SECRET_KEY"].encode(), b"berth: forget pages", hashlib.sha256).hexdigest()
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def _body(urls: list[str] | None, age: float = 0) -> bytes:
    return json.dumps({"time": int(time.time() - age), "urls": urls}).encode()


def _purge(web: str, body: bytes, signature: str, **headers: str) -> Answer:
    return ask("POST", web, "/purge", body, X_Berth_Signature=signature, **headers)


def _kept(web: str) -> str:
    """Have a page kept; its path."""
    path = f"/wiki/Page_{uuid.uuid4().hex[:8]}"
    assert [get(web, path, Host=HOST).headers["X-Cache"] for _ in range(2)] == ["MISS", "HIT"]
    return path


def _found(web: str, path: str) -> str | None:
    return get(web, path, Host=HOST).headers["X-Cache"]


def test_replica_forgets_what_it_is_asked_to(site: Site, web: str) -> None:
    """A signed request makes a replica forget the named pages and no other."""
    named, another = _kept(web), _kept(web)
    body = _body([f"http://{HOST}{named}", f"http://{HOST}/wiki/Never_kept"])
    assert _purge(web, body, _signature(site, body)).status == 204
    assert (_found(web, named), _found(web, another)) == ("MISS", "HIT")


def test_replica_forgets_everything(site: Site, web: str) -> None:
    """A signed request without addresses empties the cache."""
    kept = [_kept(web) for _ in range(2)]
    body = _body(None)
    assert _purge(web, body, _signature(site, body)).status == 204
    assert execute(web, "find /var/cache/berth/pages -type f") == ""
    assert [_found(web, path) for path in kept] == ["MISS", "MISS"]


def test_stranger_cannot_purge(site: Site, web: str) -> None:
    """Without the signature, with another body's or with an old one nothing is forgotten."""
    path = _kept(web)
    body, old = _body([f"http://{HOST}{path}"]), _body([f"http://{HOST}{path}"], age=120)
    assert get(web, "/purge").status == 403
    assert ask("POST", web, "/purge", body).status == 403
    assert _purge(web, body, _signature(site, b"{}")).status == 403
    assert _purge(web, old, _signature(site, old)).status == 403
    assert _found(web, path) == "HIT"


def test_load_balancer_brings_no_purge(site: Site, web: str) -> None:
    """Even a signed request is refused when it came through the load balancer."""
    path = _kept(web)
    body = _body([f"http://{HOST}{path}"])
    assert _purge(web, body, _signature(site, body), X_Forwarded_For="192.0.2.1").status == 404
    assert _found(web, path) == "HIT"


def _living(site: Site) -> list[str]:
    return site.query(f"SELECT address FROM {site.name}.berth_replicas WHERE seen > NOW() - INTERVAL 60 SECOND")


def _address(name: str, network: str) -> str:
    return f"{inspect(name)['NetworkSettings']['Networks'][network]['IPAddress']}:8080"


def test_replica_comes_and_goes(site: Site) -> None:
    """A replica announces where it is, again and again, and takes its leave when it is stopped."""
    replica = site.serve()
    address = _address(replica, site.database.network)
    eventually(lambda: address in _living(site), "it is announced")
    site.query(f"UPDATE {site.name}.berth_replicas SET seen = '2001-01-01'")
    eventually(lambda: address in _living(site), "it is announced again", 20)
    docker("stop", "--time", "20", replica)
    assert address not in _living(site)


def test_dead_replica_holds_no_edit_up(site: Site, web: str) -> None:
    """The fan-out gives one up that does not answer, asks all others, and names it."""
    address = _address(web, site.database.network)
    fan_out = f"""
        require '/usr/local/lib/berth/php/fan_out.php';
        $began = microtime(true);
        $silent = Berth\\fan_out(['192.0.2.1:8080', '{address}'], null, '{site.secrets["MEDIAWIKI_SECRET_KEY"]}');
        echo json_encode([$silent, microtime(true) - $began < 1.5]);
    """
    path = _kept(web)
    done = docker("exec", web, "php", "-r", fan_out)
    assert json.loads(done.stdout) == [["192.0.2.1:8080"], True]
    assert _found(web, path) == "MISS"
