"""Converts arguments (nested classes, mappings, tokens) to the plain data that is checked and synthesized."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .tokens import with_text_tokens
from .variants import members


def plain(value: Any, *, nulls: bool = False) -> Any:
    """Returns `value` as dicts, lists and scalars; nested classes become dicts.

    Members that are None are dropped unless `nulls` is set. Every token inside a text or a key becomes a string token.
    """
    own = members(value)
    value = value if own is None else own
    if isinstance(value, Mapping):
        return {
            with_text_tokens(key): plain(item, nulls=nulls)
            for key, item in value.items()
            if nulls or item is not None
        }
    if isinstance(value, (list, tuple)):
        return [plain(item, nulls=nulls) for item in value]
    return with_text_tokens(value)
