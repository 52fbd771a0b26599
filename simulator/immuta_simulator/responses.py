"""HTTP responses as bytes: JSON in Immuta's form, and no body if the status allows no content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from immuta_simulator.refusal import dump

JSON = "application/json; charset=utf-8"
WITHOUT_CONTENT = frozenset({204, 205, 304})
"""Statuses without a body: clients take bytes after the head for the next answer."""
ABOUT_CONTENT = frozenset({b"content-type", b"content-length"})


def respond(status: int, content: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Response:
    """An answer with these headers; without content and content headers if the status allows none."""
    if status in WITHOUT_CONTENT:
        content, headers = b"", [(name, value) for name, value in headers if name not in ABOUT_CONTENT]
    response = Response(content, status)
    response.raw_headers += headers
    return response


def respond_json(status: int, value: Any) -> Response:
    return respond_raw(status, dump(value))


def respond_raw(status: int, json: bytes) -> Response:
    """A JSON response whose body is already bytes."""
    return respond(status, json, [(b"content-type", JSON.encode())])
