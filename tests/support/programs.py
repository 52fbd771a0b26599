"""Programs that print one text, for checks of the programs on PATH."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from immuta_provider.doctor.check import Check


def at(folder: str, check: Check) -> Check:
    """The check with the folder in the place of `{}` in its texts."""
    return replace(check, text=check.text.replace("{}", folder), advice=check.advice.replace("{}", folder))


def path_of(folder: Path, programs: Mapping[str, str]) -> str:
    """A PATH with these programs alone: each prints its text, and fails where that is empty."""
    folder.mkdir(exist_ok=True)
    for name, text in programs.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{text}'\n" if text else "#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    return str(folder)
