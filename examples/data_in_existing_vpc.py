"""A stranger's App: Berth's database and shared files in a VPC that is there already.

Run it: `.venv/bin/python examples/data_in_existing_vpc.py`, then terraform in cdktf.out/stacks/data.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import modules  # noqa: F401 - makes the bindings lazy before cdktf loads them

# isort: split
from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.backing.database import Database
from modules.backing.files import Files
from modules.security import security_group

VPC = "vpc-0123456789abcdef0"
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]


class Data(TerraformStack):
    """A MySQL database and a file system for the members of one security group."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        AwsProvider(self, "aws", region="eu-west-1")
        clients = security_group(self, "clients", name="shop-clients", description="The shop", vpc_id=VPC)
        database = Database(
            self,
            "database",
            name="shop",
            secret_name="shop/database",  # noqa: S106 - a name, not a secret
            vpc_id=VPC,
            subnet_ids=SUBNETS,
            client_security_group_id=clients.id,
            engine="mysql",
            version="8.4",
        )
        files = Files(self, "files", name="shop", vpc_id=VPC, subnet_ids=SUBNETS, client_security_group_id=clients.id)
        TerraformOutput(self, "host", value=database.host)
        TerraformOutput(self, "file_system", value=files.file_system_id)


def build(app: App) -> None:
    """Add the stack to `app`."""
    Data(app, "data")


if __name__ == "__main__":
    main_app = App()
    build(main_app)
    main_app.synth()
