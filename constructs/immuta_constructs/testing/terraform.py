"""The real Terraform in a folder of a test, with nothing of the user's own set-up."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from immuta_provider.distribution.mirror import SOURCE

PROGRAM_VARIABLE = "TERRAFORM_BINARY_NAME"
# The settings of Terraform, of the provider, of cdktf and of the Python that runs the provider.
LEFT_OUT = ("TF_", "IMMUTA_", "CDKTF_", "CHECKPOINT_", "PYTHON", "XDG_")
CLI_CONFIG = ".terraformrc"


class Result(NamedTuple):
    """The end of a command."""

    code: int
    stdout: str
    stderr: str


class Terraform:
    """A working folder, and the Terraform that runs in the folder.

    Args:
        folder: the working folder, which exists.
        mirror: a folder with the provider, as `cdktf-immuta install --mirror` writes it.
        program: the command. Default: `TERRAFORM_BINARY_NAME`, or `terraform` on PATH.
        environment: variables that are added to those of `clean_environment`.
        registry: True to install other providers from their registries; otherwise the mirror has to have them.
    """

    def __init__(
        self,
        folder: Path,
        mirror: Path,
        *,
        program: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
        registry: bool = True,
    ) -> None:
        self.folder, self.mirror = folder, mirror
        self.program = tuple(program or (_on_path(),))
        config = folder / CLI_CONFIG
        config.write_text(cli_config(mirror, registry=registry), "utf-8")
        self.environment = {**clean_environment(), "TF_CLI_CONFIG_FILE": str(config), **(environment or {})}

    def write(self, configuration: str | Mapping[str, Any], name: str = "main") -> None:
        """Writes a configuration file: HCL as text, or JSON from data. A file of the same name is replaced."""
        for suffix in (".tf", ".tf.json"):
            (self.folder / (name + suffix)).unlink(missing_ok=True)
        if isinstance(configuration, str):
            (self.folder / f"{name}.tf").write_text(configuration, "utf-8")
        else:
            (self.folder / f"{name}.tf.json").write_text(json.dumps(configuration), "utf-8")

    def run(
        self, *arguments: str, environment: Mapping[str, str] | None = None, timeout: float = 120
    ) -> Result:
        """Runs `terraform ARGUMENTS`, and returns the output without colours. A timeout, in seconds, is an AssertionError."""
        process = self.start(*arguments, environment=environment)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            raise AssertionError(f"terraform {arguments} took over {timeout} s\n{stdout}\n{stderr}") from None
        return Result(process.returncode, plain(stdout), plain(stderr))

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Starts `terraform ARGUMENTS` in a process group of its own, for tests that interrupt the command."""
        return subprocess.Popen(
            [*self.program, *arguments],
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def ok(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Runs `terraform ARGUMENTS`, and returns the output. Another exit status than 0 is an AssertionError."""
        code, stdout, stderr = self.run(*arguments, environment=environment)
        assert code == 0, f"terraform {' '.join(arguments)} ended with {code}\n{stdout}\n{stderr}"
        return stdout

    def show_json(self, plan: str | None = None) -> Any:
        """Returns `terraform show -json` of the state, or of a plan file."""
        return json.loads(self.ok("show", "-json", *([] if plan is None else [plan])))

    def state(self) -> Any:
        """Returns the state file of the local backend."""
        return json.loads((self.folder / "terraform.tfstate").read_text("utf-8"))


def plain(text: str) -> str:
    """Returns text without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def unframed(text: str) -> str:
    """Returns text without colours and without the frames that Terraform draws around errors and warnings."""
    return re.sub(r"^[│╷╵] ?", "", plain(text), flags=re.MULTILINE)


def cli_config(mirror: Path, *, registry: bool = False) -> str:
    """Returns a CLI configuration with which Terraform installs this provider from the mirror only.

    `registry` is True to let Terraform install other providers from their registries.
    """
    direct = f'  direct {{\n    exclude = ["{SOURCE}"]\n  }}\n' if registry else ""
    return (
        "disable_checkpoint = true\n"
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror.as_posix()}"\n  }}\n{direct}}}\n'
    )


def clean_environment() -> dict[str, str]:
    """Returns the environment without the variables of Terraform, Immuta, cdktf and Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return {**kept, "CHECKPOINT_DISABLE": "1", "TF_INPUT": "0"}


def _on_path() -> str:
    name = os.environ.get(PROGRAM_VARIABLE) or "terraform"
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(
            f"{name} is not on PATH. Install Terraform or OpenTofu >= 1.11, or set {PROGRAM_VARIABLE} to the program"
        )
    return found
