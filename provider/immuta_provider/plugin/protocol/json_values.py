"""Converts JSON to values: the stored states of UpgradeResourceState, and DynamicValues in JSON."""

from __future__ import annotations

from ..types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
    WriteOnly,
    from_json,
)
from ..values import Dynamic, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def fit(type: Type, value: Any) -> Any:
    """Converts a parsed JSON value to `type`. An object gets exactly the attributes of the type, with null for missing
    ones. Primitives are converted to each other as Terraform does it.

    Raises ValueError if the value cannot be converted.
    """
    if value is None or isinstance(type, WriteOnly):
        return None
    if isinstance(type, ObjectOf):
        if isinstance(value, dict):
            return {name: fit(each, value.get(name)) for name, each in type.attributes.items()}
    elif isinstance(type, (ListOf, SetOf)):
        if isinstance(value, list):
            return [fit(type.element, each) for each in value]
    elif isinstance(type, MapOf):
        if isinstance(value, dict):
            return {key: fit(type.element, each) for key, each in value.items()}
    elif isinstance(type, TupleOf):
        if isinstance(value, list) and len(value) == len(type.elements):
            return list(map(fit, type.elements, value))
    elif type == STRING:
        if isinstance(value, str):
            if not value.isascii():
                value.encode()  # Raises ValueError for a lone surrogate, which JSON allows and Terraform does not.
            return value
        if isinstance(value, (bool, int, float)):
            return _primitive_text(value)
    elif type == NUMBER:
        if isinstance(value, str):
            return number(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
    elif type == BOOL:
        if isinstance(value, bool) or value in ("true", "false"):
            return value in (True, "true")
    elif type == DYNAMIC and isinstance(value, dict) and value.keys() == {"type", "value"}:
        inner = from_json(value["type"])
        return Dynamic(inner, fit(inner, value["value"]))
    raise ValueError(f"a stored value is not of its type {type!r}")


def _primitive_text(value: float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if value == int(value) else repr(value)
