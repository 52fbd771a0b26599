"""Checks of the programs on this machine: Python, Terraform, Node, and the CDK with its command line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from . import limits
from .check import Check, failed, ok, skipped, warning

Version = tuple[int, ...]
Problem = Callable[[str, str, str], Check]

OLDEST_PYTHON = (3, 11)
OLDEST_TERRAFORM = (1, 11)


class Cdk(NamedTuple):
    """The release of a CDK that the constructs are for, and the releases of Node for its command line.

    `node` is the first that works, `quiet` the first that is not past its end of life, and `below` the first for which the
    command line has no compiled part; () = none.
    """

    release: Version
    node: Version
    quiet: Version
    below: Version


# By the name of the Python package and of the program.
CDKS = {
    "cdktf": Cdk((0, 21), node=(20,), quiet=(22,), below=(24,)),
    "cdktn": Cdk((0, 24), node=(22, 19), quiet=(22, 19), below=()),
}
CDK_VARIABLE = "IMMUTA_CDK"

_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def checks(environ: Mapping[str, str], folder: Path) -> Iterator[Check]:
    """The checks of the programs. `folder` is the one of the stack's program or configuration."""
    yield python(sys.version_info[:3])
    yield terraform(environ)
    # Plain Terraform needs neither Node nor the command line of the CDK.
    problem = failed if (folder / "cdktf.json").is_file() else warning
    installed = {name: version for name in CDKS if (version := _installed(name)) is not None}
    yield cdk(environ, installed)
    name = _used(environ, installed)
    yield node(environ, name, problem)
    yield cdk_cli(environ, name, installed.get(name), problem)


def _used(environ: Mapping[str, str], installed: Mapping[str, Version]) -> str:
    """The CDK that the programs of this machine use: the chosen one, else the one whose command line there is."""
    chosen = environ.get(CDK_VARIABLE, "")
    if chosen in installed:
        return chosen
    with_program = (name for name in installed if limits.found(name, environ))
    return next(with_program, None) or next(iter(installed), next(iter(CDKS)))


def python(version: Version) -> Check:
    shown = f"Python {_text(version)}"
    if version >= OLDEST_PYTHON:
        return ok("python", shown)
    return failed(
        "python",
        f"{shown} is too old",
        f"Install Python {_text(OLDEST_PYTHON)} or newer, and the package into it.",
    )


def terraform(environ: Mapping[str, str]) -> Check:
    """Terraform, or else OpenTofu: the program that cdktf runs."""
    name = "terraform"
    install = f"Install Terraform {_text(OLDEST_TERRAFORM)} or newer: https://developer.hashicorp.com/terraform/install."
    chosen = environ.get("TERRAFORM_BINARY_NAME", "")
    candidates = (chosen,) if chosen else ("terraform", "tofu")
    path = next((path for each in candidates if (path := limits.found(each, environ))), None)
    if path is None:
        if chosen:
            return failed(
                name,
                f'TERRAFORM_BINARY_NAME is "{chosen}", and there is no such program',
                "Set TERRAFORM_BINARY_NAME to the name or the path of a program, or remove it.",
            )
        return failed(name, "neither `terraform` nor `tofu` is on PATH", install)
    output_text = limits.output([path, "version"], environ)
    match = re.search(r"(Terraform|OpenTofu) v(\d+)\.(\d+)\.(\d+)", output_text or "")
    if match is None:
        return failed(name, f"`{path} version` does not print a version of Terraform", install)
    program, version = match[1], tuple(int(part) for part in match.groups()[1:])
    shown = f"{program} {_text(version)} ({path})"
    if version < OLDEST_TERRAFORM:
        return failed(name, f"{shown} is too old: it has no write-only attributes", install)
    if program == "OpenTofu":
        return warning(name, f"{shown} is untested", "Use Terraform if a command fails.")
    return ok(name, shown)


def cdk(environ: Mapping[str, str], installed: Mapping[str, Version]) -> Check:
    """The Python packages of the CDK."""
    if not installed:
        return failed("cdk", "no package of the CDK is installed", "Run `pip install cdktf`.")
    chosen = environ.get(CDK_VARIABLE, "")
    if chosen and chosen not in installed:
        return failed(
            "cdk",
            f'{CDK_VARIABLE} is "{chosen}", and {" and ".join(installed)} is installed',
            f"Set {CDK_VARIABLE} to an installed package of the CDK, or remove it.",
        )
    shown = " and ".join(f"{name} {_text(version)}" for name, version in installed.items())
    unfit = {
        name: _text(CDKS[name].release)
        for name, version in installed.items()
        if version[:2] != CDKS[name].release
    }
    if not unfit:
        return ok("cdk", shown)
    fitting = " and ".join(f"{name} {release}" for name, release in unfit.items())
    command = " ".join(f'"{name}=={release}.*"' for name, release in unfit.items())
    return failed(
        "cdk", f"{shown} is installed, and the constructs are for {fitting}", f"Run `pip install {command}`."
    )


def node(environ: Mapping[str, str], cdk: str, problem: Problem) -> Check:
    """Node, for the command line of the CDK of this name."""
    needs = CDKS[cdk]
    install = f"Install Node {_text(needs.quiet)}: https://nodejs.org/en/download."
    path = limits.found("node", environ)
    if path is None:
        return problem("node", f"`node` is not on PATH, and the command line `{cdk}` needs it", install)
    version = _version(limits.output([path, "--version"], environ))
    if version is None:
        return problem("node", f"`{path} --version` does not print a version", install)
    shown = f"Node {_text(version)}"
    if version < needs.node:
        return problem("node", f"{shown} is too old for the command line `{cdk}`", install)
    if version < needs.quiet:
        return warning("node", f"{shown} is past its end of life, and each `{cdk}` command says so", install)
    if needs.below and version >= needs.below:
        return warning("node", f"{shown}: `npm install` of {cdk}-cli needs a C++ compiler with it", install)
    return ok("node", shown)


def cdk_cli(environ: Mapping[str, str], cdk: str, library: Version | None, problem: Problem) -> Check:
    """The command line of the CDK of this name. `library` is the version of the Python package, which it has to fit."""
    if library is None:
        return skipped("cdk_cli", "no package of the CDK is installed")
    install = f"Run `npm install --global {cdk}-cli@{_text(CDKS[cdk].release)}`."
    path = limits.found(cdk, environ)
    if path is None:
        return problem("cdk_cli", f"`{cdk}` is not on PATH", install)
    version = _version(limits.output([path, "--version"], environ))
    if version is None:
        return problem("cdk_cli", f"`{path} --version` does not print a version", install)
    if version[:2] != CDKS[cdk].release:
        return warning(
            "cdk_cli", f"{cdk} {_text(version)} does not fit the Python package {_text(library)}", install
        )
    return ok("cdk_cli", f"{cdk} {_text(version)} ({path})")


def _installed(package: str) -> Version | None:
    try:
        return _version(metadata.version(package))
    except metadata.PackageNotFoundError:
        return None


def _version(text: str | None) -> Version | None:
    match = _NUMBERS.search(text or "")
    return None if match is None else tuple(int(part) for part in match.groups())


def _text(version: Version) -> str:
    return ".".join(map(str, version))
