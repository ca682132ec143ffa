"""`registry`: where images are kept, once an account."""

from constructs import Construct

from modules.app_settings import APPS
from modules.config import Config
from modules.registry import Registry
from stacks._stack import Stack
from stacks.outputs import RegistryOutputs, publish


class RegistryStack(Stack):
    """ECR repositories of every application that Berth knows, whichever of them the sites use."""

    def __init__(self, scope: Construct, config: Config) -> None:
        super().__init__(scope, "registry", config)
        registry = Registry(self, "registry", apps=APPS, protected=config.protection)
        publish(self, RegistryOutputs(repository_urls=registry.urls, repository_arns=registry.arns))
