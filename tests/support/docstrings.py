"""Reading what a docstring says of each argument."""

from __future__ import annotations

import re


def described_arguments(text: str) -> dict[str, str]:
    """The entries of the section "Args" by name; each is one line, since editors show no other beside an argument."""
    section = text.partition("\nArgs:\n")[2].split("\n\nRaises:")[0]
    entries = re.findall(r"^    (\w+): (.+)$", section, re.MULTILINE)
    assert len(entries) == len(section.splitlines())
    return dict(entries)
