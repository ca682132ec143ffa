"""Keep the network interfaces of a launch template.

MiniStack 1.5.33 writes their security groups under a wrong name, which the provider reads as none, and loses
deleteOnTermination: each apply makes a new version. Unnecessary once both are right.
"""

import re
from collections.abc import Callable
from typing import Any

from ministack.services import ec2

from local.adapter._patching import around

Record = dict[str, Any]

_KEPT = ("DeleteOnTermination",)


def install() -> None:
    """Read the field, and write both."""
    around(ec2, "_parse_lt_data")(_parse)
    around(ec2, "_lt_data_xml")(_write)


def _parse(original: Callable[..., Record], params: Record, prefix: str = "LaunchTemplateData") -> Record:
    data = original(params, prefix)
    for number, interface in enumerate(data.get("NetworkInterfaces", []), 1):
        given = {name: ec2._p(params, f"{prefix}.NetworkInterface.{number}.{name}") for name in _KEPT}
        interface |= {name: value for name, value in given.items() if value}
    return data


def _write(original: Callable[..., str], data: Record) -> str:
    text = original(data)
    start, mark, rest = text.partition("<networkInterfaceSet>")
    inside, end, after = rest.partition("</networkInterfaceSet>")
    inside = re.sub(r"<groupSet>.*?</groupSet>", lambda found: _renamed(found[0]), inside)
    for interface in data.get("NetworkInterfaces", []):
        inside = inside.replace("<item>", f"<item >{_kept(interface)}", 1)
    return start + mark + inside.replace("<item >", "<item>") + end + after


def _renamed(groups: str) -> str:
    return groups.replace("item>", "groupId>")


def _kept(interface: Record) -> str:
    names = {name: name[0].lower() + name[1:] for name in _KEPT}
    return "".join(f"<{tag}>{interface[name]}</{tag}>" for name, tag in names.items() if name in interface)
