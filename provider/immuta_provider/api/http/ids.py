"""Ids of Immuta's objects, in responses and in paths."""

from __future__ import annotations

from .screen import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST_ID = 100


def is_id(text: str) -> bool:
    """Tells if the text can be an id in a path: it is printable and cannot lead to another route."""
    return bool(text.strip(".")) and text.isprintable() and text == text.strip() and len(text) <= _LONGEST_ID


def identifier(value: Any) -> str | None:
    """Returns an id as text, from a whole number or a text that `is_id` accepts; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) and value != MASK and is_id(value) else None
