"""Ids of Immuta's objects: as they stand in answers, and as they may be part of a path."""

from __future__ import annotations

from .screen import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST_ID = 100


def is_id(text: str) -> bool:
    """An id that can be asked for: text that can be shown and that leads to no other route than an integration's own."""
    return bool(text.strip(".")) and text.isprintable() and text == text.strip() and len(text) <= _LONGEST_ID


def identifier(value: Any) -> str | None:
    """An id as text, from a whole number or a text that can be asked for (`is_id`); None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) and value != MASK and is_id(value) else None
