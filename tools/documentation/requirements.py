"""The requirements of the provider, written once for every page. `pyproject.toml` has the versions of Python."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from immuta_provider.distribution import mirror

PROJECT = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8"))["project"]
OLDEST_PYTHON: str = PROJECT["requires-python"].removeprefix(">=")
TESTED_PYTHONS = tuple(re.findall(r"Python :: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE))
OLDEST_TERRAFORM = mirror.REQUIRED_VERSION.removeprefix(">= ").removesuffix(".0")
TESTED_TERRAFORMS = (OLDEST_TERRAFORM, "1.15")

PYTHON = f"Python {OLDEST_PYTHON} or newer, tested on {TESTED_PYTHONS[0]} to {TESTED_PYTHONS[-1]}"
TERRAFORM = f"Terraform {OLDEST_TERRAFORM} or newer, tested on {' and '.join(TESTED_TERRAFORMS)}"
OPENTOFU = f"OpenTofu {OLDEST_TERRAFORM} or newer has all that the provider needs, and is untested"
ITEMS = (
    f"{PYTHON}.",
    f"{TERRAFORM}. {OPENTOFU}.",
    "Linux. macOS is untested. Windows is untested, and the installed plugin file cannot run on it, since the file starts with a "
    "shell script.",
)
