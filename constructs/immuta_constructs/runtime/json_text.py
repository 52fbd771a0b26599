"""`additional_config` as JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import jsii
from cdktf import IAnyProducer, IResolvable, IResolveContext, Lazy

from .arguments import plain
from .templates import expression, has_template
from .tokens import is_unknown


def json_text(value: Mapping[str, Any] | IResolvable | str) -> str | IResolvable:
    """`value` as the JSON text that `json.dumps` makes of it, None as null; text as it is.

    Where a value or a key is a token, Terraform writes that part of the JSON text, since only Terraform knows its value.
    """
    data = plain(value, nulls=True)
    if isinstance(data, str):
        return data
    return Lazy.any_value(_Late(data)) if _has_unknown(data) else _written(data, _as_it_is)


@jsii.implements(IAnyProducer)
class _Late:
    """The JSON text of a value with tokens, which cdktf asks for when it knows what they stand for.

    cdktf gets to see the tokens alone: on its way through JavaScript the rest would lose every null and the digits of large
    integers, and `Fn.jsonencode` does not escape text.
    """

    def __init__(self, value: Any) -> None:
        self._value = value

    def produce(self, context: IResolveContext) -> str:
        return _written(self._value, context.resolve)


def _has_unknown(value: object) -> bool:
    if is_unknown(value):
        return True
    if isinstance(value, dict):
        return any(_has_unknown(key) or _has_unknown(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_has_unknown, value))


def _as_it_is(value: Any) -> Any:
    return value


def _written(value: Any, resolve: Callable[[Any], Any]) -> str:
    """`value` as a template of Terraform's that is JSON text once it is evaluated."""
    if is_unknown(value):
        value = resolve(value)
    if isinstance(value, str) and has_template(value):
        return f"${{jsonencode({expression(value)})}}"
    if isinstance(value, dict):
        members = (f"{_key(key, resolve)}:{_written(item, resolve)}" for key, item in value.items())
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(_written(item, resolve) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: Any, resolve: Callable[[Any], Any]) -> str:
    """The name of a member, which is text in JSON whatever it is in Python and in Terraform."""
    if is_unknown(key):
        key = resolve(key)
    if isinstance(key, str) and has_template(key):
        return f"${{jsonencode(tostring({expression(key)}))}}"
    return json.dumps(key if isinstance(key, str) else json.dumps(key), ensure_ascii=False)
