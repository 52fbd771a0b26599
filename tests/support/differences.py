"""Compares the last request of an object with its configuration, by the places in the model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from immuta_provider.model.fields import BOOL, OBJECT, OBJECTS, STRING_SET, Field, ResourceType
from support.valid_configs import Config
from table.row import Request, changed


def differences(type: ResourceType, config: Config, request: Request, *, surplus: bool) -> list[str]:
    """The places in which a request differs from the configuration; `surplus`: also values that are not configured any more."""
    places = {place(type, f) for f in type.fields if config.get(f.name) is not None}
    found: list[str] = []
    for field in type.fields:
        value = config.get(field.name)
        configured = field.unset_as if value is None else value
        alone = configured is not None or (surplus and place(type, field) not in places)
        if alone and not (field.state_only or field.read_only):
            found += _different(field, configured, in_request(type, request, field), field.name)
    return found


def _different(field: Field, configured: Any, actual: Any, where: str) -> Iterator[str]:
    if configured in (None, "", [], {}):
        # A secret is never taken away, and what Immuta fills is its own.
        if actual not in (None, "", [], {}, False) and not (field.computed or field.secret):
            yield f"{where}: not configured, not {actual!r}"
    elif field.kind == OBJECT and isinstance(actual, dict):
        for inner in field.fields:
            yield from _different(
                inner, configured.get(inner.name), actual.get(inner.key), f"{where}.{inner.name}"
            )
    elif field.kind == OBJECTS and isinstance(actual, list) and len(actual) == len(configured):
        keys = [inner for inner in field.fields if inner.name in field.element_key]
        configured = sorted(configured, key=lambda each: [str(each.get(key.name)) for key in keys])
        actual = sorted(actual, key=lambda each: [str(each.get(key.key)) for key in keys])
        for i, (one, other) in enumerate(zip(configured, actual, strict=True)):
            for inner in field.fields:
                yield from _different(
                    inner, one.get(inner.name), other.get(inner.key), f"{where}[{i}].{inner.name}"
                )
    elif _normal(field, configured) != _normal(field, actual):
        yield f"{where}: {configured!r}, not {actual!r}"


def _normal(field: Field, value: Any) -> Any:
    if field.as_json:
        return json.loads(value) if isinstance(value, str) else value
    if field.as_number:
        return int(value)
    if field.kind == BOOL:
        return bool(value)
    if field.kind == STRING_SET and isinstance(value, list):
        return sorted(value)
    return value.lower() if field.equivalence and isinstance(value, str) else value


def place(type: ResourceType, field: Field) -> str:
    if field.places:
        return field.places[0].path
    return f"{type.root}.{field.key}" if type.root else field.key


def in_request(type: ResourceType, request: Request, field: Field) -> Any:
    """The value that a request has for a field; None if it has none."""
    value: Any = request
    for step in place(type, field).split("."):
        value = value[int(step)] if isinstance(value, list) else (value or {}).get(step)
    return value


def put_in_request(type: ResourceType, request: Request, field: Field, value: Any) -> None:
    request.update(changed(request, {place(type, field): value}))
