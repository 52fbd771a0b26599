"""Recognizes cdktf's tokens in plain values.

A token stands for a value that only Terraform knows. cdktf writes a token as text with `${TfToken[…]}` in it, as a list of one
`#{TfToken[…]}` or of one marked number, as a mapping with the one key `&{TfToken[…]}`, as a marked number, or as an object of
its interface `IResolvable`. Python turns a marked number inside text into digits: `f"{count.index}"` is
`-8.109562212591379e+298`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from typing import Any

from constructs import IConstruct

from ..cdk import DefaultTokenResolver, Fn, StringConcat, Token, Tokenization
from .templates import has_template

TEXT = re.compile(r"\$\{TfToken\[[^\]]*\]\}")
LIST = "#{TfToken["
MAP = "&{TfToken["
# The first two bytes of a marked number; the others count tokens.
_NUMBER_MARK = b"\xfd\xff"
_NUMBER_LIST_MARK = b"\xfb\xff"
# A number token as Python prints it; other numbers of this form are unlikely.
_DIGITS = re.compile(r"-8\.\d+e\+298")
# Terraform reads dollar signs before a string token as an escape of the token.
_DOLLARS = re.compile(r"\$+(?=\$\{TfToken\[)")


def is_unknown(value: object) -> bool:
    """Tells if only Terraform knows the value: it is a token of any form, or text that contains a template."""
    if isinstance(value, str):
        return LIST in value or MAP in value or has_template(value)
    if isinstance(value, (int, float)):
        return _is_marked(value, _NUMBER_MARK)
    if isinstance(value, (list, tuple)):
        return len(value) == 1 and is_list_token(value[0])
    if isinstance(value, Mapping):
        return len(value) == 1 and is_map_token(next(iter(value)))
    if hasattr(value, "__jsii_ref__") and not hasattr(type(value), "__jsii_type__"):
        # The `value` of a variable has no Python type.
        return True
    return all(callable(getattr(value, name, None)) for name in ("resolve", "to_string"))


def contains_token(text: str) -> bool:
    """Tells if a text contains a cdktf token; a template that the program wrote does not count."""
    return "{TfToken[" in text


def is_list_token(element: object) -> bool:
    """Tells if the element of a list is a token for the whole list."""
    return LIST in element if isinstance(element, str) else _is_marked(element, _NUMBER_LIST_MARK)


def is_map_token(key: object) -> bool:
    """Tells if the key of a mapping is a token for the whole mapping."""
    return isinstance(key, str) and MAP in key


def _is_marked(value: object, mark: bytes) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return struct.pack(">d", value).startswith(mark)
    except OverflowError:
        return False


def resolved(value: Any, scope: IConstruct) -> Any:
    """Returns a value with its tokens as the expressions that cdktf writes for them in `scope`."""
    resolver = DefaultTokenResolver(StringConcat())
    return Tokenization.resolve(value, preparing=False, resolver=resolver, scope=scope)


def with_text_tokens(value: Any) -> Any:
    """Returns `value` with every token in a text as a string token, which cdktf finds anywhere in a text.

    cdktf also looks for the digits of a number token, but includes adjacent characters in the number.
    `f"eu-{number}"` and `f"{number}.example.com"` would be deployed altered.
    """
    if not isinstance(value, str) or not ("e+298" in value or "$${TfToken[" in value):
        return value
    if _DIGITS.fullmatch(value):
        # On its own it would become a number again, although the program made it text.
        return Fn.tostring(float(value)) if _is_marked(float(value), _NUMBER_MARK) else value
    return _DOLLARS.sub(_quoted, _DIGITS.sub(_text_token, value))


def _text_token(digits: re.Match[str]) -> str:
    number = float(digits[0])
    if not _is_marked(number, _NUMBER_MARK):
        return digits[0]
    token: str = Token.as_string(Tokenization.reverse_number(number))
    return token


def _quoted(dollars: re.Match[str]) -> str:
    return f'${{"{dollars[0]}"}}'
