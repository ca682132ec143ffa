"""An application load balancer that many sites share.

Creates: the load balancer, its security group (open to `allowed_cidrs` on its ports), and its listeners: with a
certificate HTTPS on 443 and a redirect from HTTP, without one HTTP alone. A host that no site claims gets a 404.
"""

from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.lb_listener import (
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionFixedResponse,
    LbListenerDefaultActionRedirect,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
HTTPS_PORT = 443


class LoadBalancer(Construct):
    """A load balancer called `name` in the public subnets.

    `certificate_arn`: ACM certificate; None for HTTP only. `http_port`: default 80. `protected`: refuses to be deleted,
    default true.
    Attributes: `arn`, `arn_suffix`, `dns_name`, `security_group_id`, `listener_arn` (where sites add their
    rules), `scheme` and `port` (what people's browsers use).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        certificate_arn: str | None = None,
        http_port: int = 80,
        allowed_cidrs: Sequence[str] = ("0.0.0.0/0",),
        idle_timeout: int = 120,
        protected: bool = True,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        group = SecurityGroup(
            self,
            "group",
            name=f"{name}-load-balancer",
            description="Load balancer",
            vpc_id=vpc_id,
            tags={"Name": f"{name}-load-balancer"},
        )
        self.security_group_id = group.id
        for port in [http_port, HTTPS_PORT] if certificate_arn else [http_port]:
            self._open(port, allowed_cidrs)
        balancer = Lb(
            self,
            "balancer",
            name=name,
            load_balancer_type="application",
            subnets=list(subnet_ids),
            security_groups=[group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=protected,
            idle_timeout=idle_timeout,
            preserve_host_header=True,
            tags={"Name": name},
        )
        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.scheme = "https" if certificate_arn else "http"
        self.port = HTTPS_PORT if certificate_arn else http_port
        self.listener_arn = self._listen(http_port, certificate_arn).arn

    def _open(self, port: int, cidrs: Sequence[str]) -> None:
        for index, cidr in enumerate(cidrs):
            VpcSecurityGroupIngressRule(
                self,
                f"in-{port}-{index}",
                security_group_id=self.security_group_id,
                description="Visitors",
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                tags={"Name": f"{self.name}-visitors"},
            )

    def _listen(self, http_port: int, certificate_arn: str | None) -> LbListener:
        if certificate_arn is None:
            return self._listener("http", port=http_port, protocol="HTTP", default_action=[_not_found()])
        self._listener("http", port=http_port, protocol="HTTP", default_action=[_to_https()])
        return self._listener(
            "https",
            port=HTTPS_PORT,
            protocol="HTTPS",
            certificate_arn=certificate_arn,
            ssl_policy=TLS_POLICY,
            default_action=[_not_found()],
        )

    def _listener(self, id: str, **settings: Any) -> LbListener:  # noqa: ANN401 - as the listener takes them
        return LbListener(self, id, load_balancer_arn=self.arn, tags={"Name": f"{self.name}-{id}"}, **settings)


def _not_found() -> LbListenerDefaultAction:
    response = LbListenerDefaultActionFixedResponse(
        content_type="text/plain", message_body="No site answers to this host name.", status_code="404"
    )
    return LbListenerDefaultAction(type="fixed-response", fixed_response=response)


def _to_https() -> LbListenerDefaultAction:
    redirect = LbListenerDefaultActionRedirect(port=str(HTTPS_PORT), protocol="HTTPS", status_code="HTTP_301")
    return LbListenerDefaultAction(type="redirect", redirect=redirect)
