"""Keep the settings of a flow log that MiniStack drops.

MiniStack 1.5.33 loses maxAggregationInterval (the provider then replaces the flow log at every apply), the role and the
log format. Unnecessary once DescribeFlowLogs returns them.
"""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2

from local.adapter._patching import around_action

DEFAULT_SECONDS = "600"
_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} "
    "${bytes} ${start} ${end} ${action} ${log-status}"
)
# Parameter of the call, element of the answer, what stands there unless the call says otherwise.
_FIELDS = (
    ("MaxAggregationInterval", "maxAggregationInterval", DEFAULT_SECONDS),
    ("DeliverLogsPermissionArn", "deliverLogsPermissionArn", ""),
    ("LogFormat", "logFormat", _FORMAT),
)


def install() -> None:
    """Remember them at creation, and return them."""
    around_action(ec2, "CreateFlowLogs")(_create)
    around_action(ec2, "DescribeFlowLogs")(_describe)


def _create(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    before = set(ec2._flow_logs)
    answer = original(params)
    for identity in set(ec2._flow_logs) - before:
        ec2._flow_logs[identity] |= {name: ec2._p(params, name) or default for name, _, default in _FIELDS}
        # MiniStack looks for tags of a "flow-log", which is not what EC2 calls it
        ec2._parse_tag_specs(params, "vpc-flow-log", identity)
    return answer


def _describe(original: Callable[..., Any], params: dict[str, Any]) -> Any:
    status, headers, body = original(params)
    text = body.decode()
    for identity, record in ec2._flow_logs.items():
        mark = f"<flowLogId>{identity}</flowLogId>"
        text = text.replace(mark, mark + _elements(record), 1)
    return status, headers, text.encode()


def _elements(record: dict[str, Any]) -> str:
    values = [(element, record.get(name, default)) for name, element, default in _FIELDS]
    return "".join(f"<{element}>{escape(value)}</{element}>" for element, value in values if value)
