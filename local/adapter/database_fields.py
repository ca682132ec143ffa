"""Keep the settings of a database instance that its description must give back.

MiniStack 1.5.33 drops backup window, CA and log exports at creation, and minor upgrades, Performance Insights and log
exports at a change: every plan finds a difference. Unnecessary once CreateDBInstance and ModifyDBInstance keep them.
"""

from typing import Any

from ministack.services import rds

from local.adapter._patching import Function, around, around_action

Parameters = dict[str, Any]
Instance = dict[str, Any]

_NO_EXPORTS = "<EnabledCloudwatchLogsExports/>"


def install() -> None:
    """Complete the record after MiniStack wrote it, and its description."""
    around(rds, "_create_db_instance_impl")(_create)
    around_action(rds, "ModifyDBInstance")(_modify)
    around(rds, "_instance_xml")(_describe)


def _create(original: Function, parameters: Parameters) -> tuple:
    existed = rds._p(parameters, "DBInstanceIdentifier") in rds._instances
    answer = original(parameters)
    instance = rds._resolve_instance(rds._p(parameters, "DBInstanceIdentifier"))
    if existed or not instance:
        return answer
    given = {name: rds._p(parameters, name) for name in ("PreferredBackupWindow", "CACertificateIdentifier")}
    instance |= {name: value for name, value in given.items() if value}
    instance["EnabledCloudwatchLogsExports"] = _members(parameters, "EnableCloudwatchLogsExports")
    return rds._single_instance_response("CreateDBInstanceResponse", "CreateDBInstanceResult", instance)


def _modify(original: Function, parameters: Parameters) -> tuple:
    instance = rds._resolve_instance(rds._p(parameters, "DBInstanceIdentifier"))
    if instance:
        instance |= modified(parameters, instance.get("EnabledCloudwatchLogsExports", []))
    return original(parameters)


def modified(parameters: Parameters, exports: list[str]) -> Instance:
    """Read the fields that a change sets."""
    changes: Instance = {}
    if minor := rds._p(parameters, "AutoMinorVersionUpgrade"):
        changes["AutoMinorVersionUpgrade"] = minor == "true"
    if insights := rds._p(parameters, "EnablePerformanceInsights"):
        changes["PerformanceInsightsEnabled"] = insights == "true"
    if days := rds._p(parameters, "PerformanceInsightsRetentionPeriod"):
        changes["PerformanceInsightsRetentionPeriod"] = int(days)
    added = _members(parameters, "CloudwatchLogsExportConfiguration.EnableLogTypes")
    removed = _members(parameters, "CloudwatchLogsExportConfiguration.DisableLogTypes")
    return changes | {"EnabledCloudwatchLogsExports": sorted({*exports, *added} - {*removed})}


def _members(parameters: Parameters, name: str) -> list[str]:
    return rds._parse_member_list(parameters, name)


def _describe(original: Function, instance: Instance) -> str:
    exports = instance.get("EnabledCloudwatchLogsExports") or []
    members = "".join(f"<member>{name}</member>" for name in exports)
    return original(instance).replace(
        _NO_EXPORTS, f"<EnabledCloudwatchLogsExports>{members}</EnabledCloudwatchLogsExports>"
    )
