"""The parts of the OpenAPI document that FastAPI cannot derive: bodies, responses, examples."""

from __future__ import annotations

from typing import Any

REASONS = {
    400: "The payload or the request is not acceptable.",
    401: "The credential is missing, wrong or expired.",
    403: "The caller lacks the permission.",
    404: "The object does not exist.",
    409: "The object conflicts with another one, or is being changed.",
    422: "Validation tests failed.",
}
DESCRIPTION = """A local Immuta for developing and testing against, without a tenant.

Press *Authorize* and enter the API key of the start, which is `simulator-api-key` by default. The header `Authorization` has
the key bare or after `Bearer `. The state is in memory, or in the file of `--data`.

The routes under `/_simulator` are not Immuta's. They show and change the stored objects, and switch on faults. No fault
affects these routes.
"""
TAGS = {
    "Authentication": "A bearer token instead of the API key.",
    "Objects": "The simulator's own: the stored objects, secrets in plain text, and changes outside Terraform.",
    "Faults": "The simulator's own: errors and delays that can be switched on.",
    "Requests": "The simulator's own: the requests so far.",
    "Settings": "The simulator's own: the behaviour that Immuta's pages do not specify.",
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
