"""Everything that may befall a request, as actions of the simulator: one list for the lives of all types."""

from __future__ import annotations

from typing import Any

TELLTALE = "<secrets>"
"""Stands for the secrets of a run in a text of the server, which should have kept them to itself."""
OTHER = "77"
EXISTS = "Snowflake integration already exists on acme.snowflakecomputing.com (id = {id})."
HTML = {"kind": "respond", "body": "<html><body>Sign in</body></html>"}

ACTIONS: dict[str, Any] = {
    "reset-before": "reset-before",
    "reset-after": "reset-after",
    "500-after": "server-error-after",
    "truncated": "truncated",
    "slow": {"kind": "delay", "seconds": 120},
    "redirect": "redirect",
    "401": {"kind": "respond", "status": 401, "message": f"{TELLTALE} is nobody"},
    "429": "rate-limited",
    "429-after": "rate-limited-retry-after",
    "500": {"kind": "respond", "status": 500, "message": f"crashed on {TELLTALE}"},
    "502": "html-502",
    "503": "unavailable",
    "malformed": "malformed",
    "wrong-shape": "wrong-shape",
    "page-200": {**HTML, "status": 200},
    "403": {"kind": "respond", "status": 403, "message": f"{TELLTALE} may not do that"},
    "page-403": {**HTML, "status": 403},
    "404": "not-found",
    "html-404": "html-404",
    "empty-list": "empty-list",
    "busy": "busy",
    "exists": {"kind": "respond", "status": 409, "message": EXISTS.format(id=OTHER)},
    "exists-itself": {"kind": "respond", "status": 409, "message": EXISTS.format(id="1")},
    "422": {"kind": "invalid", "failed": {"Basic Connection Test": f"no log-in with {TELLTALE}"}},
}
"""`refused` is not among them, since no server can make it; see `core.Refusal`."""

LOST = ("reset-after", "500-after", "truncated", "slow", "malformed", "wrong-shape")
"""The write is carried out, and its answer is lost."""
WITHOUT_ANSWER = ("refused", "reset-before", "reset-after", "truncated", "slow")
"""The transport describes a connection that broke, and the tests' own stands in for that."""


def telling(value: Any, secrets: str) -> Any:
    """An action, or a part of it, whose texts tell the secrets."""
    if isinstance(value, dict):
        return {name: telling(part, secrets) for name, part in value.items()}
    return value.replace(TELLTALE, secrets) if isinstance(value, str) else value
