"""What MiniStack 1.5.33 lacks for Berth's stacks, one module a fix.

MiniStack reads its environment at import: import this package only after `local.server` has set it.
A fix replaces single functions of MiniStack, `ministack.app.app` included; the server serves whatever stands there
after `install_all`.
"""

from types import ModuleType

from local.adapter import (
    alarms,
    application_autoscaling,
    capacity_providers,
    container_settings,
    database_container,
    database_fields,
    database_filters,
    database_volume,
    file_system_policies,
    file_systems,
    flow_logs,
    image_digest,
    launch_templates,
    listener_certificates,
    listeners,
    managed_password,
    nat_gateways,
    ownership,
    public_parameters,
    registry,
    rollout,
    scaling_groups,
    security_groups,
    service_fields,
    shutdown,
    snapshots,
    status_route,
    stop_timeout,
    target_health,
    task_endpoint,
    task_logs,
    task_order,
    task_restore,
    task_stop,
    task_volumes,
    task_watch,
    unimplemented,
    vpc_endpoints,
)

FIXES: tuple[ModuleType, ...] = (
    ownership,
    status_route,
    container_settings,
    stop_timeout,
    task_endpoint,
    task_volumes,
    file_systems,
    task_logs,
    image_digest,
    task_stop,
    task_watch,
    task_order,
    task_restore,
    database_container,
    database_volume,
    database_fields,
    database_filters,
    managed_password,
    shutdown,
    application_autoscaling,
    public_parameters,
    security_groups,
    flow_logs,
    nat_gateways,
    alarms,
    scaling_groups,
    launch_templates,
    vpc_endpoints,
    file_system_policies,
    registry,
    target_health,
    listeners,
    listener_certificates,
    rollout,
    service_fields,
    capacity_providers,
    unimplemented,
    snapshots,
)


def install_all() -> None:
    """Install every fix, in order; called once, before MiniStack starts."""
    for fix in FIXES:
        fix.install()
