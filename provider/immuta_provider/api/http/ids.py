"""Ids of Immuta's objects, in responses and in paths."""

from __future__ import annotations

from .screen import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LONGEST_ID, _LONGEST_NAME = 100, 1000


def is_id(text: str) -> bool:
    """Tells if the text can be an id that Immuta made, such as 7 or a UUID: no gateway or server reads it as another route."""
    plain = text.replace("-", "").replace("_", "").replace(".", "")
    return text[:1].isalnum() and text.isascii() and plain.isalnum() and len(text) <= _LONGEST_ID


def is_name(text: str) -> bool:
    """Tells if the text can be a segment of a path: it is printable and cannot lead to another route once it is quoted."""
    return bool(text.strip(".")) and text.isprintable() and len(text) <= _LONGEST_NAME


def identifier(value: Any, accepts: Callable[[str], bool] = is_id) -> str | None:
    """Returns an id as text, from a whole number or a text; None for anything else, and for a text that `accepts` refuses."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        value = str(value) if abs(value) < 10**_LONGEST_ID else ""
    return value if isinstance(value, str) and value != MASK and accepts(value) else None
