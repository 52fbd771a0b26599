"""The `cdktf-immuta` command: installs the provider in a folder that Terraform searches, checks what a deploy needs, and runs a
local Immuta."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __version__
from .distribution import mirror

EXPLICIT_MIRROR = """\
Terraform looks there if its CLI configuration (~/.terraformrc, or the file named by TF_CLI_CONFIG_FILE) says so:

provider_installation {{
  filesystem_mirror {{
    path    = "{path}"
    include = ["{source}"]
  }}
  direct {{
    exclude = ["{source}"]
  }}
}}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns the exit status: 0 = done, 1 = failed with a message, 2 = wrong arguments."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if options.command == "simulator":
        return _simulator(rest)
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    status: int = options.run(options)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cdktf-immuta", description="Immuta's integrations, tags and purposes as code."
    )
    parser.add_argument("--version", action="version", version=f"cdktf-immuta {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    install = commands.add_parser(
        "install",
        help="put the Terraform provider where Terraform finds it",
        description="Put the Terraform provider into a folder that Terraform installs providers from. "
        "Installing again changes nothing.",
    )
    install.add_argument(
        "--mirror",
        type=Path,
        metavar="DIR",
        help="the folder; default: ~/.terraform.d/plugins, where Terraform looks without any configuration",
    )
    install.set_defaults(run=_install)
    _add_doctor(commands)
    commands.add_parser(
        "simulator", help="run a local Immuta that forgets everything, or keeps it in a file", add_help=False
    )
    return parser


def _add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="check what a first deploy needs",
        description="Check what a first deploy needs: the programs of this machine, the installed provider, the stack in the "
        "current folder, and the tenant that the variables of the provider name. Nothing is changed. The exit status is 1 if a "
        "check failed, else 0.",
    )
    doctor.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    doctor.add_argument(
        "--api",
        action="store_true",
        help="also read one page of each collection, and list the keys in which the answers and this version differ",
    )
    doctor.set_defaults(run=_doctor)


def _install(options: argparse.Namespace) -> int:
    folder_option: Path | None = options.mirror
    target = mirror.default_mirror() if folder_option is None else folder_option.absolute()
    try:
        folder = mirror.install(target)
    except mirror.InstallError as error:
        print(f"cdktf-immuta install: {error}", file=sys.stderr)
        return 1
    print(f"The Immuta provider {mirror.version()} is installed in\n  {folder}\n")
    if folder_option is None:
        print(
            "Terraform finds it there by itself. Next, in your stack's folder: `cdktf deploy`, or for HCL `terraform init` and\n"
            "`terraform apply`."
        )
    else:
        print(EXPLICIT_MIRROR.format(path=target, source=mirror.SOURCE), end="")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from .doctor.command import run

    return run(as_json=options.json, api=options.api)


def _simulator(arguments: list[str]) -> int:
    from immuta_simulator.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
