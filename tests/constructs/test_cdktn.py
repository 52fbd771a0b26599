"""The same constructs over cdktn (CDK Terrain), in its own environment."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from support.cdktf import ENVIRONMENTS
from support.terraform import ROOT, clean_environment

HERE = Path(__file__).parent
PYTHON = str(ENVIRONMENTS["cdktn"] / "bin" / "python")


def test_tests_of_the_constructs_hold_over_cdktn() -> None:
    """Runs every module here that imports the library's names from `immuta_constructs.cdk`."""
    chosen = re.compile(r"^from immuta_constructs\.cdk import", re.MULTILINE)
    modules = [str(path) for path in sorted(HERE.glob("test_*.py")) if chosen.search(path.read_text("utf-8"))]
    done = subprocess.run(
        [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *modules],
        cwd=ROOT,
        env={**clean_environment(), "IMMUTA_CDK": "cdktn"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_requirements_of_all_packages_are_satisfied() -> None:
    command = [sys.executable, "-m", "pip", "--python", PYTHON, "check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "No broken requirements found.\n")


def test_constructs_are_typed_over_cdktn(tmp_path: Path) -> None:
    """The lint of the repository sees cdktf alone."""
    settings = tmp_path / "mypy.ini"
    settings.write_text("[mypy]\nstrict = True\nalways_true = IMMUTA_CDKTN\nexplicit_package_bases = True\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file", str(settings), "--python-executable", PYTHON),
            *("--cache-dir", str(ROOT / ".mypy_cache" / "cdktn"), "--package", "immuta_constructs"),
        ],
        cwd=ROOT / "constructs",
        capture_output=True,
        text=True,
    )
    assert (done.stdout.partition(":")[0], done.returncode) == ("Success", 0), done.stdout
