"""The parts of the OpenAPI document that FastAPI cannot derive: bodies, responses, examples."""

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
from immuta_simulator.records.rows import ROWS

REASONS = {
    400: "The payload or the request is not acceptable.",
    401: "The credential is missing, wrong or expired.",
    403: "The caller lacks the permission.",
    404: "There is no such thing.",
    409: "Another integration has this place, or this one is being changed.",
    422: "Validation tests failed.",
}
DESCRIPTION = """A local Immuta for developing and testing against, without a tenant.

Use the API key that it was started with (`simulator-api-key` unless another was given) in the `Authorization` header,
bare or after `Bearer `: press *Authorize*. State is kept in memory, or in the file given with `--data`.

The routes under `/_simulator` are not Immuta's. They show and change what this simulator holds and switch on faults;
no fault ever touches them.
"""
TAGS = {
    "Integrations": "Configure, read, change and remove integrations.",
    **{row.name.capitalize(): f"Create, read, change and delete {row.name}." for row in ROWS},
    "Scripts": "Scripts for integrations that are set up by hand (`autoBootstrap: false`).",
    "Authentication": "A bearer token instead of the API key.",
    "Holdings": "The simulator's own: what it holds, secrets in clear, and changes behind everyone's back.",
    "Faults": "The simulator's own: things that go wrong when they are told to.",
    "Requests": "The simulator's own: what was asked of it.",
    "Settings": "The simulator's own: how it behaves where Immuta's pages leave room.",
}
SUMMARY_EXAMPLE = {
    "id": "1",
    "status": "creating",
    "validationResults": {"status": "passed", "validationTests": []},
}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answers(what: str, *errors: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: one kind of success, and Immuta's error body for each of the statuses."""
    content = {
        "integration": json_content(ref("Integration")),
        "integrations": json_content({"type": "array", "items": ref("Integration")}),
        "summary": json_content(ref("Summary"), SUMMARY_EXAMPLE),
        "token": json_content(ref("Token")),
        "record": json_content({}),
        "script": {"text/plain": {"schema": {"type": "string"}}},
    }[what]
    out: dict[int | str, dict[str, Any]] = {200: {"description": "Success", "content": content}}
    for status in errors:
        out[status] = {"description": REASONS[status], "content": json_content(ref("Error"))}
    return out


def json_content(schema: Any, example: Any = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {"application/json": content}


def json_body(example: Any, description: str) -> dict[str, Any]:
    content = json_content({"type": "object"}, example)
    return {"requestBody": {"required": True, "description": description, "content": content}}


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
    token = {"authenticated": {"type": "boolean"}, "token": text, "tokenExpiration": text}
    return {
        **{component(kind): payload_schema(kind) for kind in TYPES.values()},
        "ValidationResults": results,
        "Summary": shape(summary),
        "Integration": shape(whole),
        "Token": shape(token),
        "Error": shape({"statusCode": {"type": "integer"}, "error": text, "message": text}),
    }


def verdict() -> dict[str, Any]:
    return {"type": "string", "enum": ["passed", "failed", "warning", "skipped"]}


def shape(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


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
