"""From what a user passes (nested classes, mappings, tokens) to the plain data that is checked and synthesized."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from cdktf import Fn, Token
from constructs import Construct

# A template of Terraform that is not escaped by doubling its sign; cdktf's own string tokens have this form too.
_TEMPLATE = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_LIST_TOKEN = "#{TfToken["
# cdktf hides number tokens in doubles near -1e298; no argument of an integration reaches 2**53.
_LARGEST_EXACT_INTEGER = 2**53


def plain(value: Any) -> Any:
    """`value` as dicts, lists and scalars: nested classes become dicts, and what is None is left out of them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def is_unknown(value: object) -> bool:
    """Whether only Terraform will know `value`: a token of any kind, or text with a `${...}` in it."""
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, str):
        return _LIST_TOKEN in value or _TEMPLATE.search(value) is not None
    if isinstance(value, (int, float)):
        # What is not finite ends jsii's kernel.
        large = math.isfinite(value) and abs(value) > _LARGEST_EXACT_INTEGER
        return large and bool(Token.is_unresolved(value))
    if isinstance(value, (list, tuple)):
        return (
            len(value) == 1 and isinstance(value[0], (str, float)) and bool(Token.is_unresolved(list(value)))
        )
    if isinstance(value, dict):
        return len(value) == 1 and contains_token(str(next(iter(value)))) and bool(Token.is_unresolved(value))
    return hasattr(value, "__jsii_ref__") and not isinstance(value, Construct)


def contains_token(value: object) -> bool:
    """Whether `value` is one of cdktf's tokens or holds one at any depth."""
    if isinstance(value, Mapping):
        return any(contains_token(key) or contains_token(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return any(contains_token(item) for item in value)
    return ("{TfToken[" in value) if isinstance(value, str) else is_unknown(value)


def json_text(value: Mapping[str, Any] | str) -> str:
    """`value` as JSON text, None as null. With a token inside it is Terraform that writes it, since only Terraform can
    quote the token's value.
    """
    if isinstance(value, str):
        return value
    if contains_token(value):
        return Fn.jsonencode(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=dict)
