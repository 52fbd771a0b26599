"""The parts of the OpenAPI document that FastAPI cannot derive: bodies, responses, examples."""

from __future__ import annotations

from typing import Any

REASONS = {
    400: "The payload or the request is not acceptable.",
    401: "The credential is missing, wrong or expired.",
    403: "The caller lacks the permission.",
    404: "There is no such thing.",
    409: "The object conflicts with another one, or is being changed.",
    422: "Validation tests failed.",
}
DESCRIPTION = """A local Immuta for developing and testing against, without a tenant.

Use the API key that it was started with (`simulator-api-key` unless another was given) in the `Authorization` header,
bare or after `Bearer `: press *Authorize*. State is kept in memory, or in the file given with `--data`.

The routes under `/_simulator` are not Immuta's. They show and change what this simulator holds and switch on faults;
no fault ever touches them.
"""
TAGS = {
    "Authentication": "A bearer token instead of the API key.",
    "Holdings": "The simulator's own: what it holds, secrets in clear, and changes behind everyone's back.",
    "Faults": "The simulator's own: things that go wrong when they are told to.",
    "Requests": "The simulator's own: what was asked of it.",
    "Settings": "The simulator's own: how it behaves where Immuta's pages leave room.",
}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answers(content: dict[str, Any], *errors: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: its content, and Immuta's error body for each of the statuses."""
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


def schemas() -> dict[str, Any]:
    """The components that belong to no family."""
    text = {"type": "string"}
    token = {"authenticated": {"type": "boolean"}, "token": text, "tokenExpiration": text}
    return {
        "Token": shape(token),
        "Error": shape({"statusCode": {"type": "integer"}, "error": text, "message": text}),
    }


def shape(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
