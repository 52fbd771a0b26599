"""Is a payload acceptable? Types, required and conditional keys, accepted values, unknown keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from immuta_simulator.integrations.tables import TYPES, Condition, Key, Type
from immuta_simulator.refusal import Refusal

ENVELOPE = frozenset({"type", "autoBootstrap", "config"})

Problem = tuple[str, str]
"""The key's path and what is wrong with it; never the value, which may be a secret."""


def check(payload: object, *, reject_unknown: bool) -> Type:
    """The type of a well-formed `{type, autoBootstrap, config}`; raises a 400 that lists every problem."""
    if not isinstance(payload, dict):
        raise Refusal(400, '"value" must be of type object')
    name = payload.get("type")
    if not isinstance(name, str) or name not in TYPES:
        text = f"must be one of [{', '.join(TYPES)}]" if "type" in payload else "is required"
        raise malformed([("type", text)])
    kind = TYPES[name]
    problems = list(envelope_problems(kind, payload, reject_unknown))
    config = payload.get("config")
    if isinstance(config, dict):
        top = {**config, "autoBootstrap": payload.get("autoBootstrap")}
        problems += key_problems(kind.keys, config, "config", top, reject_unknown)
        if payload.get("autoBootstrap") is True:
            problems += [
                (f"config.{key}", f"{value} is only allowed when autoBootstrap is false")
                for key, value in kind.manual_only
                if config.get(key) == value
            ]
    if problems:
        raise malformed(problems)
    return kind


def malformed(problems: list[Problem]) -> Refusal:
    message = ". ".join(f'"{path}" {text}' for path, text in problems)
    return Refusal(400, message, validation={"source": "payload", "keys": [path for path, _ in problems]})


def envelope_problems(kind: Type, payload: Mapping[str, Any], reject_unknown: bool) -> Iterator[Problem]:
    automatic = payload.get("autoBootstrap")
    if "autoBootstrap" not in payload:
        if kind.needs_envelope:
            yield "autoBootstrap", "is required"
    elif not isinstance(automatic, bool):
        yield "autoBootstrap", "must be a boolean"
    elif automatic and not kind.automatic:
        yield "autoBootstrap", f"must be false for {kind.name}"
    if "config" not in payload:
        if kind.needs_envelope:
            yield "config", "is required"
    elif not isinstance(payload["config"], dict):
        yield "config", "must be of type object"
    if reject_unknown:
        yield from ((name, "is not allowed") for name in payload if name not in ENVELOPE)


def key_problems(
    keys: tuple[Key, ...], sent: Mapping[str, Any], path: str, top: Mapping[str, Any], reject_unknown: bool
) -> Iterator[Problem]:
    for key in keys:
        place = f"{path}.{key.name}"
        needed = key.required or holds(key.required_if, sent, top)
        if needed and sent.get(key.name) == "":
            yield place, "is not allowed to be empty"
        elif key.name in sent:
            yield from value_problems(key, sent[key.name], place, top, reject_unknown)
        elif needed:
            yield place, "is required"
    if reject_unknown:
        known = {key.name for key in keys}
        yield from ((f"{path}.{name}", "is not allowed") for name in sent if name not in known)


def holds(condition: Condition, siblings: Mapping[str, Any], top: Mapping[str, Any]) -> bool:
    return bool(condition) and all(siblings.get(name, top.get(name)) in values for name, values in condition)


def value_problems(
    key: Key, value: Any, place: str, top: Mapping[str, Any], reject_unknown: bool
) -> Iterator[Problem]:
    match key.kind:
        case "string":
            yield from text_problems(key, value, place)
        case "number":
            yield from number_problems(key, value, place)
        case "boolean":
            if not isinstance(value, bool):
                yield place, "must be a boolean"
        case "array of strings":
            if not isinstance(value, list):
                yield place, "must be an array"
            else:
                yield from (
                    (f"{place}[{i}]", "must be a string")
                    for i, v in enumerate(value)
                    if not isinstance(v, str)
                )
        case "object":
            if not isinstance(value, dict):
                yield place, "must be of type object"
            else:
                yield from key_problems(key.keys, value, place, top, reject_unknown)
        case _:
            if not isinstance(value, list):
                yield place, "must be an array"
                return
            for i, element in enumerate(value):
                if not isinstance(element, dict):
                    yield f"{place}[{i}]", "must be of type object"
                else:
                    yield from key_problems(key.keys, element, f"{place}[{i}]", element, reject_unknown)


def text_problems(key: Key, value: Any, place: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield place, "must be a string"
    elif key.accepts and value not in key.accepts:
        yield place, "must be one of [" + ", ".join(key.accepts) + "]"
    elif key.pattern and not re.fullmatch(key.pattern, value):
        yield place, f"fails to match the required pattern: /^{key.pattern}$/"


def number_problems(key: Key, value: Any, place: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield place, "must be a number"
    elif isinstance(value, float) and not value.is_integer():
        yield place, "must be an integer"
    elif key.minimum is not None and value < key.minimum:
        yield place, f"must be larger than or equal to {key.minimum}"
    elif key.maximum is not None and value > key.maximum:
        yield place, f"must be less than or equal to {key.maximum}"
