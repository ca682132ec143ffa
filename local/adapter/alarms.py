"""Return every setting of a metric alarm.

MiniStack 1.5.33 answers DescribeAlarms with a handful of fields in the query protocol, which the provider speaks:
actions, dimensions, period and the rest are a difference at every plan; metric queries are not stored at all.
Unnecessary once its answer carries what its JSON form does, and metric queries.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch

from local.adapter._patching import around
from local.adapter._query import elements, nested

Record = dict[str, Any]

_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit", "Dimensions")
_MORE = ("Metrics", "InsufficientDataActions", "EvaluateLowSampleCountPercentile", "ThresholdMetricId")
_WRITTEN = (
    *("AlarmName", "AlarmArn", "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions"),
    *("InsufficientDataActions", "StateValue", "StateReason", *_ONE_METRIC, "EvaluationPeriods", "DatapointsToAlarm"),
    *("Threshold", "ComparisonOperator", "TreatMissingData", "EvaluateLowSampleCountPercentile", "Metrics"),
    "ThresholdMetricId",
)


def install() -> None:
    """Keep all of a call in the query protocol, and give it back."""
    around(cloudwatch, "_put_metric_alarm")(_put)
    around(cloudwatch, "_describe_alarms")(_describe)


def _put(original: Callable[..., Any], params: Record, data: Any, is_cbor: bool, is_json: bool = False) -> Any:
    answer = original(params, data, is_cbor, is_json)
    coded = is_cbor or is_json
    alarm = cloudwatch._alarms.get(data.get("AlarmName") if coded else cloudwatch._p(params, "AlarmName"))
    if alarm:
        given = data if coded else {name: nested(params, name) for name in _MORE}
        alarm |= {name: given[name] for name in _MORE if given.get(name)}
        if alarm.get("Metrics"):
            # What MiniStack supposes for an alarm on one metric does not hold for one on several.
            alarm |= dict.fromkeys(_ONE_METRIC)
    return answer


def _describe(original: Callable[..., Any], params: Record, data: Any, is_cbor: bool, is_json: bool = False) -> Any:
    status, headers, body = original(params, data, is_cbor, is_json)
    if is_cbor or is_json or status != 200:  # noqa: PLR2004 -- HTTP
        return status, headers, body
    text = body.decode()
    for alarm in cloudwatch._alarms.values():
        text = _rewrite(text, alarm)
    return status, headers, text.encode()


def _rewrite(text: str, alarm: Record) -> str:
    """Write an alarm's element anew."""
    start = text.find(f"<member><AlarmName>{alarm['AlarmName']}</AlarmName>")
    if start < 0:
        return text
    end = text.index("</member>", start)
    return text[:start] + "<member>" + elements({name: alarm.get(name) for name in _WRITTEN}) + text[end:]
