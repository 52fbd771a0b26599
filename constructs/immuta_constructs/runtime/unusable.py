"""Checks for Python objects in place of values, also inside texts, lists and mappings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs import Construct
from immuta_provider.model.text import path_label
from immuta_provider.model.wording import Problem

from ..cdk import LIBRARY
from .tokens import LIST, MAP, is_list_token, is_map_token, is_unknown

Path = tuple[str | int, ...]

# Python's default repr of an object: `<cdktf.TerraformVariable object at 0x7f95aac5ea10>`.
_OBJECT = re.compile(r"<([\w.<> -]*?) at 0x[0-9A-Fa-f]+>")
# The advice for an object, by the beginning of its repr.
_INSTEAD = {
    f"{LIBRARY}.TerraformVariable ": "its `.string_value`",
    f"{LIBRARY}.TerraformLocal ": "its `.as_string`",
    f"{LIBRARY}._": "`Token.as_string(...)` of it",
    "jsii.": "`Token.as_string(...)` of it",
    "bound method ": "what it returns",
    "function ": "what it returns",
}


def unusable(value: object, at: Path = ()) -> Iterator[Problem]:
    """Yields the parts of plain data, at any depth, that are not values. cdktf would alter them, or fail without naming them."""
    if isinstance(value, str):
        yield from unusable_text(value, at)
    elif is_unknown(value):
        return
    elif isinstance(value, Mapping):
        if any(map(is_map_token, value)):
            detail = (
                f"{LIBRARY} cannot add keys to a map whose value is unknown. Pass Fn.merge([one, other])."
            )
            yield Problem(at, True, f"{path_label(at)} mixes a token for a whole map with other keys", detail)
            return
        for key, item in value.items():
            yield from unusable(key, at)
            yield from unusable(item, (*at, str(key)))
    elif isinstance(value, (list, tuple)):
        if any(map(is_list_token, value)):
            detail = f"{LIBRARY} cannot add elements to a list whose value is unknown. Pass Fn.concat([one, other])."
            yield Problem(
                at, True, f"{path_label(at)} mixes a token for a whole list with other elements", detail
            )
            return
        for index, item in enumerate(value):
            yield from unusable(item, (*at, index))
    elif isinstance(value, Construct):
        detail = (
            f"it is the {type(value).__name__} {value.node.path!r} itself. Pass its value instead: for a variable "
            "`.string_value`, `.number_value`, `.boolean_value` or `.list_value`, for a resource one of its attributes."
        )
        yield Problem(at, True, f"{path_label(at)} is a construct", detail)
    elif is_object(value):
        detail = f"it is the {type(value).__name__} object itself. Pass one of its attributes."
        yield Problem(at, True, f"{path_label(at)} is an object of {LIBRARY}", detail)


def is_object(value: object) -> bool:
    """Tells if `value` is an object of the library other than a token."""
    return hasattr(value, "__jsii_ref__") and not is_unknown(value)


def unusable_text(value: str, at: Path) -> Iterator[Problem]:
    """Yields the objects whose repr is part of a text. The text is not quoted because it may be a secret."""
    found = _OBJECT.search(value) if " at 0x" in value else None
    if found is not None:
        written = found[1]
        instead = next(
            (_INSTEAD[start] for start in _INSTEAD if written.startswith(start)), "one of its attributes"
        )
        detail = (
            f'it contains "<{written}>", which is Python\'s notation for the object, with a different address in each run. '
            f"Insert {instead} into the text."
        )
        yield Problem(at, True, f"{path_label(at)} contains an object instead of its value", detail)
    elif LIST in value or MAP in value:
        detail = (
            "a list or a map whose value is unknown cannot be part of a text. Insert one of its elements, with "
            'Fn.element(list, 0) or Fn.lookup(map, "key"), or convert it to text with Fn.join or Fn.jsonencode.'
        )
        yield Problem(at, True, f"{path_label(at)} contains a list or a map instead of text", detail)


def unusable_texts(value: Any, at: Path = ()) -> Iterator[Problem]:
    """Yields the same problems for a meta-argument of cdktf, whose structures may contain constructs as values."""
    value = getattr(value, "_values", value)
    if isinstance(value, str):
        yield from unusable_text(value, at)
    elif isinstance(value, Mapping) and not is_unknown(value):
        for key, item in value.items():
            yield from unusable_texts(item, (*at, str(key)))
    elif isinstance(value, (list, tuple)) and not is_unknown(value):
        for index, item in enumerate(value):
            yield from unusable_texts(item, (*at, index))
