"""A checkout of its own, for tests that build or install from one."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.terraform import ROOT


def copy_to(folder: Path) -> Path:
    """Copies what a clone of this checkout would hold, changes that are not committed included."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()]
    return shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", *ignored))
