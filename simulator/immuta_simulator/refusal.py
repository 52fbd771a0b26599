"""The error that becomes an HTTP response."""

from __future__ import annotations

import json
from typing import Any

# Immuta's own spellings, which differ in case from the HTTP reason phrases.
ERRORS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method Not Allowed",
    409: "Conflict",
    415: "Unsupported Media Type",
    422: "Unprocessable entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Refusal(Exception):
    """An error response of Immuta: `{"statusCode", "error", "message"}` with the keys of `beside`."""

    def __init__(self, status: int, message: str, *, error: str | None = None, **beside: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(status, message, error=error, **beside)


def error_body(status: int, message: str, *, error: str | None = None, **beside: Any) -> dict[str, Any]:
    return {
        "statusCode": status,
        "error": ERRORS.get(status, "Error") if error is None else error,
        "message": message,
        **beside,
    }


def dump(value: Any) -> bytes:
    """JSON as Immuta's Node server writes it: compact, non-ASCII text unescaped."""
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # A lone surrogate, which only an escape can carry.
        return json.dumps(value, separators=(",", ":")).encode()
