"""Reading what a docstring says of each argument."""

from __future__ import annotations


def described_arguments(text: str) -> dict[str, str]:
    """The entries of the section "Args" by name, each in one line."""
    section = text.split("\nArgs:\n")[1].split("\n\nRaises:")[0]
    entries: list[str] = []
    for line in section.splitlines():
        if line.startswith("        "):
            entries[-1] += " " + line.strip()
        else:
            entries.append(line.strip())
    return dict(entry.split(": ", 1) for entry in entries)
