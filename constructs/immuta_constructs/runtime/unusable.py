"""Objects of Python where a value is meant, and what is left of one in a text, a list or a mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs import Construct
from immuta_provider.model.text import path_label
from immuta_provider.model.wording import Problem

from .tokens import LIST, MAP, is_list_token, is_map_token, is_unknown

Path = tuple[str | int, ...]

# As Python writes an object that says nothing else of itself: `<cdktf.TerraformVariable object at 0x7f95aac5ea10>`.
_OBJECT = re.compile(r"<([\w.<> -]*?) at 0x[0-9A-Fa-f]+>")
# By the beginning of that.
_INSTEAD = {
    "cdktf.TerraformVariable ": "its `.string_value`",
    "cdktf.TerraformLocal ": "its `.as_string`",
    "cdktf._": "`Token.as_string(...)` of it",
    "jsii.": "`Token.as_string(...)` of it",
    "bound method ": "what it returns",
    "function ": "what it returns",
}


def unusable(value: object, at: Path = ()) -> Iterator[Problem]:
    """The parts of plain data, at any depth, that stand for no value; cdktf would deploy them altered or end without a place."""
    if isinstance(value, str):
        yield from unusable_text(value, at)
    elif is_unknown(value):
        return
    elif isinstance(value, Mapping):
        if any(map(is_map_token, value)):
            detail = "cdktf cannot add to a map that only Terraform knows. Pass Fn.merge([one, other])."
            yield Problem(at, True, f"{path_label(at)} mixes a token for a whole map with other keys", detail)
            return
        for key, item in value.items():
            yield from unusable(key, at)
            yield from unusable(item, (*at, str(key)))
    elif isinstance(value, (list, tuple)):
        if any(map(is_list_token, value)):
            detail = "cdktf cannot add to a list that only Terraform knows. Pass Fn.concat([one, other])."
            yield Problem(
                at, True, f"{path_label(at)} mixes a token for a whole list with other elements", detail
            )
            return
        for index, item in enumerate(value):
            yield from unusable(item, (*at, index))
    elif isinstance(value, Construct):
        detail = (
            f"it is the {type(value).__name__} {value.node.path!r} itself. Pass what it stands for: of a variable "
            "`.string_value`, `.number_value`, `.boolean_value` or `.list_value`, of a resource one of its attributes."
        )
        yield Problem(at, True, f"{path_label(at)} is a construct", detail)
    elif is_object(value):
        detail = f"it is a {type(value).__name__} itself. Pass one of its attributes."
        yield Problem(at, True, f"{path_label(at)} is an object of cdktf", detail)


def is_object(value: object) -> bool:
    """Whether `value` is an object of cdktf's library, tokens apart."""
    return hasattr(value, "__jsii_ref__") and not is_unknown(value)


def unusable_text(value: str, at: Path) -> Iterator[Problem]:
    """The objects that Python has written into a text. The text itself is not quoted: it may be a secret."""
    found = _OBJECT.search(value) if " at 0x" in value else None
    if found is not None:
        written = found[1]
        instead = next(
            (_INSTEAD[start] for start in _INSTEAD if written.startswith(start)), "one of its attributes"
        )
        detail = (
            f'it contains "<{written}>", which is how Python writes the object itself, with another address in each run. '
            f"Write {instead} into the text."
        )
        yield Problem(at, True, f"{path_label(at)} contains an object instead of its value", detail)
    elif LIST in value or MAP in value:
        detail = (
            "a list or a map that only Terraform knows has no place inside text. Write one element of it, such as "
            'Fn.element(list, 0) or Fn.lookup(map, "key"), or a text made of it by Fn.join or Fn.jsonencode.'
        )
        yield Problem(at, True, f"{path_label(at)} contains a list or a map instead of text", detail)


def unusable_texts(value: Any, at: Path = ()) -> Iterator[Problem]:
    """The same for an argument that cdktf itself takes, in which constructs may be values; its structures are looked into."""
    value = getattr(value, "_values", value)
    if isinstance(value, str):
        yield from unusable_text(value, at)
    elif isinstance(value, Mapping) and not is_unknown(value):
        for key, item in value.items():
            yield from unusable_texts(item, (*at, str(key)))
    elif isinstance(value, (list, tuple)) and not is_unknown(value):
        for index, item in enumerate(value):
            yield from unusable_texts(item, (*at, index))
