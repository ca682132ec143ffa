#!/usr/bin/env python3
"""Turn the settings of one environment into Terraform stacks.

Reads environments/$BERTH_ENV.yaml (default local; BERTH_ENVIRONMENTS names another folder of settings). BERTH_PORT
moves the embedded cloud to another port; BERTH_UNPROTECTED=1 makes what is protected deletable, as the first half of a
destroy; BERTH_OUT is the folder written.
"""

import os
import sys

import modules  # noqa: F401 - makes the bindings lazy before cdktf loads them

# isort: split
from cdktf import App

from modules.config import Config
from modules.settings_file import SettingsError, environment
from stacks.base import BaseStack
from stacks.cluster import ClusterStack
from stacks.data import DataStack
from stacks.jobs import JobsStack
from stacks.registry import RegistryStack
from stacks.site import SiteStack


def build(app: App, config: Config) -> None:
    """Add every stack of `config` to `app`."""
    registry = RegistryStack(app, config)
    base = BaseStack(app, config)
    cluster = ClusterStack(app, config, base)
    for site in config.sites:
        data = DataStack(app, config, base, site)
        jobs = JobsStack(app, config, registry=registry, base=base, cluster=cluster, data=data, site=site)
        SiteStack(app, config, registry=registry, base=base, cluster=cluster, data=data, jobs=jobs, site=site)


def main() -> None:
    """Synthesize the environment that the process's environment names."""
    port = int(os.environ.get("BERTH_PORT") or 0) or None
    protection = False if os.environ.get("BERTH_UNPROTECTED") == "1" else None
    try:
        config = environment(os.environ.get("BERTH_ENV") or "local", port=port, protection=protection)
    except SettingsError as error:
        sys.exit(str(error))
    app = App(outdir=os.environ.get("BERTH_OUT") or "cdktf.out")
    build(app, config)
    app.synth()


if __name__ == "__main__":
    main()
