"""Deploys a stack from a test, with the real Terraform to a local Immuta."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..cdk import TerraformStack
from .synthesis import STACK_FILE, written
from .terraform import Result, Terraform, unframed

PLAN = "plan"
PATIENCE = 600.0
"""Seconds for one Terraform command."""
VARIABLE = "TF_VAR_"
# The arguments of the provider that lead to a tenant; the environment of a deployment leads to the local Immuta.
LEADING = ("host", "api_key", "bearer_token", "ca_file", "http_headers", "insecure_skip_tls_verify")
# The places of a state that others use, too.
SHARED = ("backend", "cloud")


class DeploymentError(Exception):
    """A Terraform command failed; the text is Terraform's output."""

    def __init__(self, command: str, result: Result) -> None:
        output = unframed(result.stderr or result.stdout).strip()
        super().__init__(f"terraform {command} ended with status {result.code}:\n{output}")


class Deployed:
    """A stack that a test has deployed."""

    def __init__(self, terraform: Terraform) -> None:
        self.terraform = terraform
        """The Terraform in the stack's folder, for all other commands."""

    @property
    def outputs(self) -> dict[str, Any]:
        """The values of the stack's outputs by name."""
        outputs = self.terraform.show_json().get("values", {}).get("outputs", {})
        return {name: output["value"] for name, output in outputs.items()}

    def plan(self) -> dict[str, str]:
        """Plans the stack again, without a change to anything, and returns what a deployment would do.

        The key is the address of a resource, or `output.<name>`. The value is `create`, `read`, `update`, `replace`, `delete`,
        `forget` or, where an import changes nothing, `import`. The plan of a stack as it was deployed is `{}`.

        Raises:
            DeploymentError: the plan failed.
        """
        _run(self.terraform, "plan", "-out", PLAN)
        plan = self.terraform.show_json(PLAN)
        changes = {change["address"]: change["change"] for change in plan.get("resource_changes", ())}
        outputs = {f"output.{name}": change for name, change in plan.get("output_changes", {}).items()}
        done = {address: _action(change) for address, change in {**changes, **outputs}.items()}
        return {address: action for address, action in done.items() if action != "no-op"}

    def destroy(self) -> None:
        """Destroys the stack.

        Raises:
            DeploymentError: something could not be destroyed.
        """
        _run(self.terraform, "destroy", "-auto-approve")


class Deploy:
    """Deploys stacks to a local Immuta; the fixture `deploy` is one.

    Args:
        folder: the folder for one working folder a stack.
        mirror: a folder with the provider, as `cdktf-immuta install --mirror` writes it.
        environment: the variables with which the provider finds the local Immuta.
    """

    def __init__(self, folder: Path, mirror: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._mirror, self._environment = folder, mirror, environment

    def __call__(self, stack: TerraformStack, *, variables: Mapping[str, str] | None = None) -> Deployed:
        """Synthesizes a stack, and applies it. A second stack of the same name updates what the first one deployed.

        The provider's connection and the backend in the stack are passed over: a test reaches the local Immuta only, and keeps
        its state in a folder of its own.

        Args:
            stack: the stack.
            variables: the values of Terraform's variables, such as those of `Secret.variable`. Default: none.

        Raises:
            RuntimeError: the stack cannot be synthesized.
            DeploymentError: Terraform refused the stack, or something could not be applied.
        """
        deployed = self.prepare(stack, variables=variables)
        _run(deployed.terraform, "apply", "-auto-approve")
        return deployed

    def prepare(self, stack: TerraformStack, *, variables: Mapping[str, str] | None = None) -> Deployed:
        """Synthesizes a stack without applying it, for its `plan()`. The arguments and errors are those of a deployment."""
        folder = self._folder / stack.node.id
        folder.mkdir(parents=True, exist_ok=True)
        values = {f"{VARIABLE}{name}": value for name, value in (variables or {}).items()}
        terraform = Terraform(folder, self._mirror, environment={**self._environment, **values})
        with written(stack) as synthesized:
            shutil.copytree(synthesized, folder, dirs_exist_ok=True)
        file = folder / STACK_FILE
        # Terraform quotes lines of this file.
        file.write_text(json.dumps(_local(json.loads(file.read_text("utf-8"))), indent=2), "utf-8")
        _run(terraform, "init")
        return Deployed(terraform)


def _local(document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a stack's document without what leads to a tenant or to a shared state."""
    settings = {key: value for key, value in document.get("terraform", {}).items() if key not in SHARED}
    providers = dict(document.get("provider", {}))
    if "immuta" in providers:
        providers["immuta"] = [
            {key: value for key, value in block.items() if key not in LEADING}
            for block in providers["immuta"]
        ]
    return {**document, "terraform": settings, "provider": providers}


def _run(terraform: Terraform, command: str, *options: str) -> None:
    result = terraform.run(command, *options, timeout=PATIENCE)
    if result.code:
        raise DeploymentError(command, result)


def _action(change: Mapping[str, Any]) -> str:
    actions = change["actions"]
    if "importing" in change and actions == ["no-op"]:
        return "import"
    return "replace" if len(actions) > 1 else str(actions[0])
