import pytest

from local.adapter import _rules

REQUEST = _rules.Request(
    method="GET",
    target="/wiki/Main?action=raw&x=",
    host="Wiki.Example.org:8081",
    headers={"host": "Wiki.Example.org:8081", "x-team": "red"},
    client="10.1.2.3",
)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Field": "host-header", "Values": ["wiki.example.org"]}, True),
        ({"Field": "host-header", "Values": ["*.EXAMPLE.org"]}, True),
        ({"Field": "host-header", "Values": ["example.org", "w?ki.example.com"]}, False),
        ({"Field": "path-pattern", "Values": ["/wiki/*"]}, True),
        ({"Field": "path-pattern", "Values": ["/Wiki/*"]}, False),
        ({"Field": "path-pattern", "Values": ["/[w]iki/*"]}, False),
        ({"Field": "http-request-method", "Values": ["POST", "GET"]}, True),
        ({"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Team", "Values": ["r*"]}}, True),
        ({"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Other", "Values": ["*"]}}, False),
        ({"Field": "query-string", "Values": ["action=r?w"]}, True),
        ({"Field": "query-string", "Values": ["action=edit"]}, False),
        ({"Field": "source-ip", "Values": ["10.0.0.0/8"]}, True),
        ({"Field": "source-ip", "Values": ["192.0.2.0/24"]}, False),
        ({"Field": "phase-of-the-moon", "Values": ["full"]}, False),
    ],
)
def test_a_condition_holds_as_on_aws(condition: dict, holds: bool) -> None:
    """Hosts ignore case and port, paths keep case, only * and ? are wildcards, an unknown kind never holds."""
    assert _rules.holds(condition, REQUEST) is holds


def test_the_lowest_number_wins_and_the_default_comes_last() -> None:
    """Rules are tried by number, not by text or age."""
    rules = [
        {"Priority": "default", "IsDefault": True, "Conditions": [], "Actions": ["default"]},
        {"Priority": "100", "Conditions": [], "Actions": ["hundred"]},
        {"Priority": "20", "Conditions": [], "Actions": ["twenty"]},
    ]
    assert _rules.actions(rules, REQUEST) == ["twenty"]


def test_all_conditions_of_a_rule_must_hold() -> None:
    """One that fails sends the request to the next rule."""
    conditions = [{"Field": "path-pattern", "Values": ["/wiki/*"]}, {"Field": "host-header", "Values": ["other"]}]
    rules = [
        {"Priority": "1", "Conditions": conditions, "Actions": ["both"]},
        {"Priority": "default", "IsDefault": True, "Conditions": [], "Actions": ["default"]},
    ]
    assert _rules.actions(rules, REQUEST) == ["default"]


def test_a_redirect_fills_its_placeholders() -> None:
    """What the configuration leaves out stays as the client sent it."""
    config = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    address = _rules.location(config, REQUEST, "HTTP", 8081)
    assert address == "https://Wiki.Example.org:443/wiki/Main?action=raw&x="
