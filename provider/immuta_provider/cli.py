"""The `cdktf-immuta` command: installs the provider in a folder that Terraform searches, writes a program of what a tenant has,
checks what a deploy needs, and runs a local Immuta."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from . import __version__
from .distribution import mirror
from .model.compiled.types import BY_RESOURCE, TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .adopt.command import Options
    from .provider import ImmutaProvider

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
        prog="cdktf-immuta", description="Immuta's integrations, users, policies, projects and tags as code."
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
    _add_adopt(commands)
    _add_doctor(commands)
    commands.add_parser(
        "simulator", help="run a local Immuta that forgets everything, or keeps it in a file", add_help=False
    )
    return parser


def _add_adopt(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    adopt = commands.add_parser(
        "adopt",
        help="write a program of what a tenant has already",
        description="Write a program of what a tenant has already: one resource for each object, with its import. The tenant "
        "and the credential come from the variables of the provider, such as IMMUTA_HOST and IMMUTA_API_KEY. Nothing in Immuta "
        "is changed.",
    )
    adopt.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of the program")
    adopt.add_argument(
        "--family",
        action="append",
        default=[],
        choices=dict.fromkeys(type.family for type in TYPES),
        help="only the types of this family; may be repeated",
    )
    adopt.add_argument(
        "--type",
        action="append",
        default=[],
        metavar="TYPE",
        type=_type,
        help="only objects of this type, such as `tag`; may be repeated",
    )
    adopt.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only objects whose name or id is this, with * for any characters; may be repeated",
    )
    adopt.add_argument(
        "--no-touch",
        action="store_true",
        help="let the first deploy change nothing: secrets are ignored, and what would be written again is left out",
    )
    adopt.add_argument("--hcl", action="store_true", help="write HCL with import blocks, not Python")
    adopt.add_argument("--force", action="store_true", help="overwrite files of the same names")
    adopt.set_defaults(run=_adopt)


def _type(name: str) -> str:
    resource = f"immuta_{name.removeprefix('immuta_')}"
    if resource not in BY_RESOURCE:
        known = ", ".join(sorted(each.removeprefix("immuta_") for each in BY_RESOURCE))
        raise argparse.ArgumentTypeError(f"{name!r} is not a type; the types are {known}")
    return resource


def _adopt(options: argparse.Namespace) -> int:
    from .adopt.command import Options
    from .provider import ImmutaProvider

    chosen = Options(
        options.out,
        families=options.family,
        types=options.type,
        names=options.name,
        no_touch=options.no_touch,
        hcl=options.hcl,
        force=options.force,
        cdk=_cdk(),
    )
    return adopt(chosen, ImmutaProvider())


def _cdk() -> str:
    """The library that a program is written for: the one that IMMUTA_CDK names, or that is installed, and cdktf if both are
    installed."""
    installed = [name for name in ("cdktf", "cdktn") if find_spec(name)]
    return os.environ.get("IMMUTA_CDK") or (installed or ["cdktf"])[0]


def adopt(options: Options, provider: ImmutaProvider) -> int:
    """Writes the program of what the provider's tenant has, and returns the exit status."""
    from .adopt.command import AdoptError, adopt
    from .adopt.reading import Source
    from .plugin.diagnostics import Diagnostics
    from .resources.list_resource import TypeList
    from .resources.resource import Resource

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    diagnostics = Diagnostics()
    client = provider.connected("adopt", diagnostics)
    for each in diagnostics:
        tell(f"cdktf-immuta adopt: {each.severity}: {each.summary}\n{each.detail}")
    if client is None:
        return 1
    sources = {
        name: Source(resource, listed)
        for name, resource in provider.resources.items()
        if isinstance(resource, Resource) and isinstance(listed := provider.list_resources[name], TypeList)
    }
    try:
        print(adopt(options, sources, client, mirror.SOURCE, tell))
    except AdoptError as error:
        tell(f"cdktf-immuta adopt: {error}")
        return 1
    return 0


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
