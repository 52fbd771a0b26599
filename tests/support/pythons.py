"""The Pythons of this machine that the provider has to run on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path


def _found() -> dict[str, str]:
    """Version to path: this Python, and every other from 3.11 on that is on PATH or that pyenv has."""
    candidates = [shutil.which(f"python3.{minor}") for minor in range(11, 16)]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates += [str(path) for path in sorted(versions.glob("3.1[1-9]*/bin/python3"))]
    pythons = {".".join(map(str, sys.version_info[:2])): os.path.realpath(sys.executable)}
    for candidate in candidates:
        if candidate is None:
            continue
        probe = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
        shown = subprocess.run([candidate, "-I", "-S", "-c", probe], capture_output=True, text=True).stdout
        match = re.fullmatch(r"(3\.1[1-9]) (.+)\n", shown)
        if match:
            pythons.setdefault(match[1], os.path.realpath(match[2]))
    return pythons


PYTHONS = _found()
