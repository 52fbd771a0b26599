"""The test kit: a stack as data, a local Immuta, and deployments to it by the real Terraform.

`pip install "cdktf-immuta[testing]"` brings what the kit needs, and registers the pytest fixtures `immuta` and `deploy`.
"""

from .deployment import Deploy, Deployed, DeploymentError
from .immuta import Immuta
from .synthesis import Block, Synthesized, synthesized
from .terraform import Terraform

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
