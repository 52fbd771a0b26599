"""A secret that passes through Terraform and stays nowhere."""

from __future__ import annotations

from cdktf import TerraformVariable
from constructs import Construct


class SecretVariable(TerraformVariable):
    """A Terraform variable for a secret: sensitive and *ephemeral*, so that it is in no plan file either.

    `.string_value` is what to pass on, to an argument that is a secret or to the provider; Terraform refuses it
    everywhere else. The value comes from the environment of the command line, not of the Python program: a
    variable that is a direct child of its stack is `TF_VAR_<id>`.

    Args:
        scope: the stack that uses the secret.
        id: its name there, and Terraform's name of it.
        description: what Terraform shows when it has to ask for the value. Default: nothing.
    """

    def __init__(self, scope: Construct, id: str, *, description: str | None = None) -> None:
        super().__init__(scope, id, type="string", sensitive=True, description=description)
        # cdktf 0.21 has no argument for it.
        self.add_override("ephemeral", True)
