"""Programs that print one text, for what looks for programs on PATH."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def path_of(folder: Path, programs: Mapping[str, str]) -> str:
    """A PATH with these programs alone: each prints its text, and fails where that is empty."""
    folder.mkdir(exist_ok=True)
    for name, text in programs.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{text}'\n" if text else "#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    return str(folder)
