"""Keep what a security group rule says.

MiniStack 1.5.33 loses prefix lists, and does not find the rule that allows everything when the provider revokes it with
ports (which AWS ignores for protocol -1), so every group keeps it. Unnecessary once prefix lists are kept and ports
dropped for that protocol.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import ec2

from local.adapter._patching import around

Rule = dict[str, Any]

_ALL_PROTOCOLS = "-1"
_ALL_TRAFFIC = ("FromPort", "ToPort")


def install() -> None:
    """Read and write both."""
    around(ec2, "_parse_ip_permissions")(_parse)
    around(ec2, "_sg_rule_xml")(_write)


def _parse(original: Callable[..., list[Rule]], params: dict[str, Any], prefix: str) -> list[Rule]:
    rules = original(params, prefix)
    for number, rule in enumerate(rules, 1):
        rule["PrefixListIds"] = _prefix_lists(params, f"{prefix}.{number}.PrefixListIds")
        if rule["IpProtocol"] == _ALL_PROTOCOLS:
            for port in _ALL_TRAFFIC:
                rule.pop(port, None)
    return rules


def _prefix_lists(params: dict[str, Any], place: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    while identity := ec2._p(params, f"{place}.{len(found) + 1}.PrefixListId"):
        description = ec2._p(params, f"{place}.{len(found) + 1}.Description")
        found.append({"PrefixListId": identity, **({"Description": description} if description else {})})
    return found


def _write(original: Callable[..., str], group: str, rule: Rule, is_egress: bool = False) -> str:
    text = original(group, rule, is_egress=is_egress)
    mark = "<securityGroupRuleArn>"
    lists = rule.get("PrefixListIds") or []
    return text.replace(mark, f"<prefixListId>{lists[0]['PrefixListId']}</prefixListId>{mark}", 1) if lists else text
