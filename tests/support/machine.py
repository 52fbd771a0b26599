"""The Terraforms and Pythons that the provider supports, and those of them that this machine has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from documentation.requirements import TESTED_PYTHONS, TESTED_TERRAFORMS


def report(terraforms: Mapping[str, str], pythons: Iterable[str]) -> list[str]:
    """The found and the missing ones, in a line each. `terraforms`: a program's name to its version."""
    programs = [f"{version} ({name})" for name, version in terraforms.items()]
    return [
        _line("Terraform", TESTED_TERRAFORMS, programs),
        _line("Python", TESTED_PYTHONS, sorted(pythons, key=lambda version: [*map(int, version.split("."))])),
    ]


def _line(what: str, supported: Sequence[str], found: Sequence[str]) -> str:
    line = f"{what}: {', '.join(found)}"
    there = {".".join(each.split()[0].split(".")[:2]) for each in found}
    missing = [version for version in supported if version not in there]
    return f"{line}; NOT TESTED, since not on this machine: {', '.join(missing)}" if missing else line
