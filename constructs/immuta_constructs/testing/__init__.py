"""The test kit: a stack as data, a local Immuta, and deployments to it by the real Terraform.

`pip install "cdktf-immuta[testing]"` brings what the kit needs, and registers the pytest fixtures `immuta` and `deploy`.
A name loads its module at its first use, so a test of an API client starts an Immuta without cdktf.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .deployment import Deploy, Deployed, DeploymentError
    from .immuta import Immuta
    from .synthesis import Block, Synthesized, synthesized
    from .terraform import Terraform
else:
    _NAMES = {
        "deployment": ["Deploy", "Deployed", "DeploymentError"],
        "immuta": ["Immuta"],
        "synthesis": ["Block", "Synthesized", "synthesized"],
        "terraform": ["Terraform"],
    }
    _MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}

    def __getattr__(name):
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
        return value


__all__ = [
    "Block",
    "Deploy",
    "Deployed",
    "DeploymentError",
    "Immuta",
    "Synthesized",
    "Terraform",
    "synthesized",
]
