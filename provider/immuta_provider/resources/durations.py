"""Durations as Terraform users write them: `"90s"`, `"10m"`, `"1h30m"`."""

from __future__ import annotations

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def seconds(text: str) -> float | None:
    """A duration's length in seconds, or None where `text` is not a duration (numbers, each with its unit, greater than 0)."""
    total, number, rest = 0.0, "", text.strip()
    if not rest:
        return None
    while rest:
        digits = len(rest) - len(rest.lstrip("0123456789."))
        number, rest = rest[:digits], rest[digits:]
        letters = len(rest) - len(rest.lstrip("hms"))
        unit, rest = rest[:letters], rest[letters:]
        if unit not in _UNITS or number.count(".") > 1 or not number.strip("."):
            return None
        total += float(number) * _UNITS[unit]
    return total if total > 0 else None
