import urllib.parse

import pytest

from tests.image.site import Answer, Site, ask, get

pytestmark = pytest.mark.containers

PROXIES = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
LOG_INS = {
    "mediawiki": ("/api.php", {"action": "login", "lgname": "Admin", "lgpassword": "guess", "format": "json"}),
    "wordpress": ("/wp-login.php", {"log": "Admin", "pwd": "guess"}),
}
BURST = 60


@pytest.fixture(scope="module")
def limited(site: Site) -> str:
    """Serve the shared site behind a trusted proxy, to nobody else."""
    return site.serve(TRUSTED_PROXIES=PROXIES)


def _try(site: Site, web: str, client: str, **headers: str) -> Answer:
    path, fields = LOG_INS[site.app]
    body = urllib.parse.urlencode(fields).encode()
    return ask("POST", web, path, body, X_Forwarded_For=client, **FORM, **headers)


def test_one_client_s_attempts_are_limited(site: Site, limited: str) -> None:
    """A burst of many is let through, then come refusals; others, and pages, are not concerned."""
    tried = [_try(site, limited, "198.51.100.1").status for _ in range(2 * BURST)]
    assert tried[: BURST // 2] == [200] * (BURST // 2)
    assert tried[-1] == 429
    assert tried.count(429) > BURST // 4
    assert _try(site, limited, "198.51.100.2").status == 200
    assert get(limited, site.front, X_Forwarded_For="198.51.100.1").status != 429


def test_purges_of_replicas_are_not_log_ins(limited: str) -> None:
    """Edits are told to a replica as fast as they come."""
    answers = {ask("POST", limited, "/purge", b"{}").status for _ in range(2 * BURST)}
    assert answers == {403}
