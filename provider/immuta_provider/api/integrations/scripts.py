"""The scripts that a person, or another provider, runs in the data platform when Immuta does not set it up itself.

A script route changes nothing in Immuta, so its POST is repeated as freely as a GET. A script may hold the credentials that it
was asked for with: it is never written to the log, and no error quotes it.
"""

from __future__ import annotations

from ..http import json_body
from ..http.errors import ApiError, NotFoundError, ProtocolError, RouteMissing
from .routes import KIND, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..http.exchange import Response
    from .routes import Integrations

# The keys under which an answer in JSON may hold the script.
_KEYS = ("script", "content", "sql")
_NO_ROUTE = (404, 405, 501)


def write(api: Integrations, script: str, payload: dict[str, Any]) -> str:
    """`POST /integrations/scripts/{script}`: the script for an integration that does not exist (any more); `payload` is the
    body of the `POST /integrations` that it is for. RouteMissing where this Immuta has no such route."""
    path = f"/integrations/scripts/{script}"
    try:
        return _read(api.http.exchange("POST", path, payload, reads=True, kind=KIND))
    except ApiError as error:
        if error.status not in _NO_ROUTE:
            raise
        raise _missing(path, error) from None


def write_for(api: Integrations, id: str, script: str, payload: dict[str, Any] | None = None) -> str:
    """`POST /integrations/{id}/scripts/{script}`: the script for an existing integration; `payload` is the body of the PUT
    that it is for, None where nothing is to be put. NotFoundError where there is no such integration, RouteMissing where this
    Immuta has no such route."""
    path = f"{path_of(id)}/scripts/{script}"
    try:
        return _read(api.http.exchange("POST", path, payload, reads=True, kind=KIND))
    except ApiError as error:
        about_the_id = isinstance(error, NotFoundError) and "no integration found" in error.message.lower()
        if error.status not in _NO_ROUTE or about_the_id:
            raise
        raise _missing(path, error) from None


def _missing(path: str, error: ApiError) -> RouteMissing:
    return RouteMissing(
        "This Immuta writes no such script",
        f"POST {path} was answered with {error.status}: not every release of Immuta has this route. Copy the script from "
        "Immuta's app settings page instead, or use a newer Immuta; if this one should have it, check `host` (IMMUTA_HOST), its "
        "path included.",
        status=error.status,
        message=error.message,
    )


def _read(response: Response) -> str:
    """The script in an answer, whose form no page shows: JSON that is a text or holds one, or the bare text."""
    text = _text(response)
    start = text.lstrip()[:15].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise json_body.malformed("it is an HTML or XML page, not a script")
    if "json" in response.headers.get("content-type", "").lower():
        return _unwrapped(json_body.decode(response.body))
    if not start.startswith(("{", '"')):
        return _not_empty(text)
    try:
        value = json_body.decode(response.body)
    except ProtocolError:
        # SQL may begin with a quotation mark, too.
        return text
    return _unwrapped(value)


def _text(response: Response) -> str:
    try:
        return response.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise json_body.malformed("a script is expected, and it is no text in UTF-8") from None


def _unwrapped(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in _KEYS if isinstance(value.get(key), str)), None)
    if not isinstance(value, str):
        raise json_body.malformed(
            f"a script is expected, as a text or under one of {', '.join(_KEYS)}, and there is none"
        )
    return _not_empty(value)


def _not_empty(text: str) -> str:
    if not text.strip():
        raise json_body.malformed("a script is expected, and it is empty")
    return text
