"""The checks of the programs, each good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest
from immuta_provider.doctor import machine
from immuta_provider.doctor.check import Check, failed, ok, skipped, warning
from support.programs import at, path_of

PYTHON = "Install Python 3.11 or newer, and the package into it."
TERRAFORM = "Install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install."
NODE = "Install Node 22: https://nodejs.org/en/download."
CLI = "Run `npm install --global cdktf-cli@0.21`."


@pytest.mark.parametrize(
    ("version", "check"),
    [
        ((3, 11, 0), ok("python", "Python 3.11.0")),
        ((3, 10, 9), failed("python", "Python 3.10.9 is too old", PYTHON)),
    ],
)
def test_python_is_ok_from_3_11_on(version: tuple[int, ...], check: Check) -> None:
    assert machine.python(version) == check


TOO_OLD = "Terraform 1.10.5 ({}/terraform) is too old: it has no write-only attributes"
UNKNOWN = "`{}/terraform version` does not print a version of Terraform"
ABSENT = 'TERRAFORM_BINARY_NAME is "absent", and there is no such program'
ANOTHER = "Set TERRAFORM_BINARY_NAME to the name or the path of a program, or remove it."
UNTESTED = "OpenTofu 1.11.0 ({}/tofu) is untested"


@pytest.mark.parametrize(
    ("programs", "variable", "check"),
    [
        (
            {"terraform": "Terraform v1.11.4\non linux"},
            "",
            ok("terraform", "Terraform 1.11.4 ({}/terraform)"),
        ),
        ({"mine": "Terraform v1.15.0"}, "mine", ok("terraform", "Terraform 1.15.0 ({}/mine)")),
        (
            {"tofu": "OpenTofu v1.11.0"},
            "",
            warning("terraform", UNTESTED, "Use Terraform if a command fails."),
        ),
        ({}, "", failed("terraform", "neither `terraform` nor `tofu` is on PATH", TERRAFORM)),
        ({"terraform": "Terraform v1.10.5"}, "", failed("terraform", TOO_OLD, TERRAFORM)),
        ({"terraform": ""}, "", failed("terraform", UNKNOWN, TERRAFORM)),
        ({"terraform": "Terraform v1.11.4"}, "absent", failed("terraform", ABSENT, ANOTHER)),
    ],
)
def test_the_terraform_of_path_or_of_the_variable_is_checked(
    programs: dict[str, str], variable: str, check: Check, tmp_path: Path
) -> None:
    environ = {"PATH": path_of(tmp_path / "bin", programs), "TERRAFORM_BINARY_NAME": variable}
    assert machine.terraform(environ) == at(environ["PATH"], check)


PAST_ITS_END = "Node 20.20.2 is past its end of life, and each `cdktf` command says so"
NEEDS_A_COMPILER = "Node 24.1.0: `npm install` of cdktf-cli needs a C++ compiler with it"
OLD_FOR_CDKTF = "Node 18.0.0 is too old for the command line `cdktf`"
OLD_FOR_CDKTN = "Node 22.18.0 is too old for the command line `cdktn`"
NO_NODE = "`node` is not on PATH, and the command line `cdktf` needs it"
NO_VERSION = "`{}/node --version` does not print a version"


@pytest.mark.parametrize(
    ("cdk", "programs", "check"),
    [
        ("cdktf", {"node": "v22.1.0"}, ok("node", "Node 22.1.0")),
        ("cdktn", {"node": "v24.1.0"}, ok("node", "Node 24.1.0")),
        ("cdktf", {"node": "v20.20.2"}, warning("node", PAST_ITS_END, NODE)),
        ("cdktf", {"node": "v24.1.0"}, warning("node", NEEDS_A_COMPILER, NODE)),
        ("cdktf", {"node": "v18.0.0"}, failed("node", OLD_FOR_CDKTF, NODE)),
        ("cdktn", {"node": "v22.18.0"}, failed("node", OLD_FOR_CDKTN, NODE.replace("22", "22.19"))),
        ("cdktf", {}, failed("node", NO_NODE, NODE)),
        ("cdktf", {"node": ""}, failed("node", NO_VERSION, NODE)),
    ],
)
def test_node_is_checked_for_the_command_line_of_the_cdk(
    cdk: str, programs: dict[str, str], check: Check, tmp_path: Path
) -> None:
    environ = {"PATH": path_of(tmp_path / "bin", programs)}
    assert machine.node(environ, cdk, failed) == at(environ["PATH"], check)


@pytest.mark.parametrize(
    ("installed", "check"),
    [
        ({"cdktf": (0, 21, 0)}, ok("cdk", "cdktf 0.21.0")),
        ({"cdktf": (0, 21, 0), "cdktn": (0, 24, 1)}, ok("cdk", "cdktf 0.21.0 and cdktn 0.24.1")),
        ({}, failed("cdk", "no package of the CDK is installed", "Run `pip install cdktf`.")),
        (
            {"cdktf": (0, 20, 7)},
            failed(
                "cdk",
                "cdktf 0.20.7 is installed, and the constructs are for cdktf 0.21",
                'Run `pip install "cdktf==0.21.*"`.',
            ),
        ),
    ],
)
def test_the_installed_cdk_is_checked(installed: dict[str, tuple[int, ...]], check: Check) -> None:
    assert machine.cdk({}, installed) == check


def test_a_chosen_cdk_must_be_installed() -> None:
    installed = {"cdktf": (0, 21, 0)}
    assert machine.cdk({"IMMUTA_CDK": "cdktn"}, installed) == failed(
        "cdk",
        'IMMUTA_CDK is "cdktn", and cdktf is installed',
        "Set IMMUTA_CDK to an installed package of the CDK, or remove it.",
    )
    well = ok("cdk", "cdktf 0.21.0")
    assert [machine.cdk(each, installed) for each in ({"IMMUTA_CDK": "cdktf"}, {})] == [well, well]


@pytest.mark.parametrize(
    ("programs", "chosen", "names"),
    [
        ((), "", ["cdk", "cdktf"]),
        (("cdktn",), "", ["cdk", "cdktn"]),
        (("cdktf", "cdktn"), "", ["cdk", "cdktf"]),
        (("cdktf", "cdktn"), "cdktn", ["cdk", "cdktn"]),
    ],
)
def test_of_two_cdks_the_chosen_one_or_the_one_with_a_program_is_checked(
    programs: tuple[str, ...], chosen: str, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {"cdktf": "0.21.0", "cdktn": "0.24.1"}
    monkeypatch.setattr("importlib.metadata.version", versions.__getitem__)
    path = path_of(tmp_path / "bin", {"node": "v22.20.0", **{name: versions[name] for name in programs}})
    found = list(machine.checks({"PATH": path, "IMMUTA_CDK": chosen}, tmp_path))
    cli = found[-1]
    assert [found[2].name, (cli.advice or cli.text).split("--global ")[-1][:5]] == names


@pytest.mark.parametrize(
    ("programs", "library", "check"),
    [
        ({"cdktf": "0.21.0"}, (0, 21, 0), ok("cdk_cli", "cdktf 0.21.0 ({}/cdktf)")),
        ({}, (0, 21, 0), failed("cdk_cli", "`cdktf` is not on PATH", CLI)),
        ({"cdktf": ""}, (0, 21, 0), failed("cdk_cli", "`{}/cdktf --version` does not print a version", CLI)),
        (
            {"cdktf": "0.20.7"},
            (0, 21, 0),
            warning("cdk_cli", "cdktf 0.20.7 does not fit the Python package 0.21.0", CLI),
        ),
        ({"cdktf": "0.21.0"}, None, skipped("cdk_cli", "no package of the CDK is installed")),
    ],
)
def test_the_command_line_is_checked_for_the_cdk(
    programs: dict[str, str], library: tuple[int, ...] | None, check: Check, tmp_path: Path
) -> None:
    environ = {"PATH": path_of(tmp_path / "bin", programs)}
    assert machine.cdk_cli(environ, "cdktf", library, failed) == at(environ["PATH"], check)


@pytest.mark.parametrize(("project", "status"), [(True, "failed"), (False, "warning")])
def test_programs_for_the_cdk_alone_fail_only_beside_one(project: bool, status: str, tmp_path: Path) -> None:
    if project:
        (tmp_path / "cdktf.json").touch()
    environ = {"PATH": path_of(tmp_path / "bin", {"terraform": "Terraform v1.11.4"})}
    found = {check.name: check.status for check in machine.checks(environ, tmp_path)}
    assert found == {"python": "ok", "terraform": "ok", "cdk": "ok", "node": status, "cdk_cli": status}


def test_a_program_that_follows_the_advice_of_each_check_is_well(tmp_path: Path) -> None:
    """The versions are those that the advice names."""
    environ = {
        "PATH": path_of(
            tmp_path / "bin", {"terraform": "Terraform v1.11.0", "node": "v22.0.0", "cdktf": "0.21.0"}
        )
    }
    assert {check.status for check in machine.checks(environ, tmp_path)} == {"ok"}
