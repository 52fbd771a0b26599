"""Data in Python as JSON text, for the arguments that are JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jsii

from ..cdk import IAnyProducer, IResolvable, IResolveContext, Lazy
from .arguments import plain
from .templates import expression, has_template
from .tokens import is_unknown


def json_text(value: Mapping[str, Any] | Sequence[Any] | IResolvable | str) -> str | IResolvable:
    """Returns `value` as JSON text, as `json.dumps` writes it; a string is returned unchanged.

    A value or key that is a token becomes a `jsonencode` call, which Terraform evaluates.
    """
    data = plain(value, nulls=True)
    if isinstance(data, str):
        return data
    return Lazy.any_value(_LazyJson(data)) if _has_unknown(data) else _template(data, _unresolved)


@jsii.implements(IAnyProducer)
class _LazyJson:
    """Produces the JSON text of a value with tokens, when cdktf resolves tokens.

    Only the tokens are passed to cdktf. JavaScript would drop nulls and the last digits of large integers, and
    `Fn.jsonencode` does not escape text.
    """

    def __init__(self, value: Any) -> None:
        self._value = value

    def produce(self, context: IResolveContext) -> str:
        return _template(self._value, context.resolve)


def _has_unknown(value: object) -> bool:
    if is_unknown(value):
        return True
    if isinstance(value, dict):
        return any(_has_unknown(key) or _has_unknown(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_has_unknown, value))


def _unresolved(value: Any) -> Any:
    return value


def _template(value: Any, resolve: Callable[[Any], Any]) -> str:
    """Returns a Terraform template that evaluates to the JSON text of `value`."""
    if is_unknown(value):
        value = resolve(value)
    if isinstance(value, str) and has_template(value):
        return f"${{jsonencode({expression(value)})}}"
    if isinstance(value, dict):
        members = (f"{_key(key, resolve)}:{_template(item, resolve)}" for key, item in value.items())
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(_template(item, resolve) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: Any, resolve: Callable[[Any], Any]) -> str:
    """Returns a template for the name of a member, which is always text in JSON."""
    if is_unknown(key):
        key = resolve(key)
    if isinstance(key, str) and has_template(key):
        return f"${{jsonencode(tostring({expression(key)}))}}"
    return json.dumps(key if isinstance(key, str) else json.dumps(key), ensure_ascii=False)
