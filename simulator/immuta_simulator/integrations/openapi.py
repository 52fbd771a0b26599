"""The parts of the OpenAPI document that describe integrations."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from immuta_simulator.integrations.samples import SAMPLES
from immuta_simulator.integrations.tables import (
    BOOLEAN,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRINGS,
    TYPES,
    Key,
    Type,
    Unset,
)
from immuta_simulator.openapi import json_content, ref, shape

SUMMARY_EXAMPLE = {
    "id": "1",
    "status": "creating",
    "validationResults": {"status": "passed", "validationTests": []},
}
INTEGRATION = json_content(ref("Integration"))
INTEGRATIONS = json_content({"type": "array", "items": ref("Integration")})
SUMMARY = json_content(ref("Summary"), SUMMARY_EXAMPLE)
SCRIPT = {"text/plain": {"schema": {"type": "string"}}}


def payload_body(*, manual: bool = False) -> dict[str, Any]:
    """The `{type, autoBootstrap, config}` body with one example a type; `manual` leaves those without scripts out."""
    examples = {}
    for name, kind in TYPES.items():
        value = deepcopy(SAMPLES[name])
        if manual and not kind.scripts:
            continue
        if manual:
            value["autoBootstrap"] = False
        examples[kind.tag] = {"summary": name, "value": value}
    kinds = [kind for kind in TYPES.values() if kind.tag in examples]
    schema = {"oneOf": [ref(component(kind)) for kind in kinds]}
    content = {"schema": schema, "examples": examples}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": content, "application/x-yaml": content},
        }
    }


def credentials_body() -> dict[str, Any]:
    sent = {"authenticationType": "userPassword", "username": "taylor@snowflake.com", "password": "abc1234"}
    examples = {
        "none": {"summary": "No credentials", "value": {}},
        "credentials": {"summary": "Privileged credentials", "value": {**sent, "role": "ACCOUNTADMIN"}},
    }
    content = {"application/json": {"schema": {"type": "object"}, "examples": examples}}
    return {"requestBody": {"required": False, "content": content}}


def component(kind: Type) -> str:
    return "".join(part.capitalize() for part in kind.tag.split("-")) + "Integration"


def schemas() -> dict[str, Any]:
    """The components: each type's payload, and the shapes of the answers."""
    text = {"type": "string"}
    test = {
        "type": "object",
        "required": ["name", "status"],
        "properties": {"name": text, "status": verdict(), "message": text},
    }
    results = {
        "type": "object",
        "required": ["status", "validationTests"],
        "properties": {"status": verdict(), "validationTests": {"type": "array", "items": test}},
    }
    summary = {"id": text, "status": text, "validationResults": ref("ValidationResults")}
    whole = {**summary, "type": text, "autoBootstrap": {"type": "boolean"}, "config": {"type": "object"}}
    return {
        **{component(kind): payload_schema(kind) for kind in TYPES.values()},
        "ValidationResults": results,
        "Summary": shape(summary),
        "Integration": shape(whole),
    }


def verdict() -> dict[str, Any]:
    return {"type": "string", "enum": ["passed", "failed", "warning", "skipped"]}


def payload_schema(kind: Type) -> dict[str, Any]:
    automatic: dict[str, Any] = {"type": "boolean"}
    if not kind.automatic:
        automatic["enum"] = [False]
    config = object_schema(kind.keys)
    return {
        "title": kind.name,
        "type": "object",
        "required": ["type", "autoBootstrap", "config"] if kind.needs_envelope else ["type"],
        "properties": {
            "type": {"const": kind.name, "type": "string"},
            "autoBootstrap": automatic,
            "config": config,
        },
        "example": SAMPLES[kind.name],
    }


def object_schema(keys: tuple[Key, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {"type": "object", "properties": {key.name: key_schema(key) for key in keys}}
    required = [key.name for key in keys if key.required]
    return {**out, "required": required} if required else out


def key_schema(key: Key) -> dict[str, Any]:
    out: dict[str, Any]
    if key.kind == OBJECT:
        out = object_schema(key.keys)
    elif key.kind == OBJECTS:
        out = {"type": "array", "items": object_schema(key.keys)}
    elif key.kind == STRINGS:
        out = {"type": "array", "items": {"type": "string"}}
    else:
        out = {"type": {NUMBER: "integer", BOOLEAN: "boolean"}.get(key.kind, "string")}
    facts = {
        "enum": list(key.accepts) or None,
        "pattern": f"^{key.pattern}$" if key.pattern else None,
        "minimum": key.minimum,
        "maximum": key.maximum,
        "default": None if isinstance(key.default, Unset) else key.default,
        "writeOnly": key.secret or None,
        "description": condition(key),
    }
    return {**out, **{name: fact for name, fact in facts.items() if fact is not None}}


def condition(key: Key) -> str | None:
    if not key.required_if:
        return None
    parts = [
        f"`{name}` is "
        + " or ".join(str(value).lower() if isinstance(value, bool) else f"`{value}`" for value in values)
        for name, values in key.required_if
    ]
    return f"Required when {' and '.join(parts)}."
