"""The set-up scripts for the data platform, for integrations that Immuta does not set up itself.

A script route changes nothing in Immuta, so its POST is retried like a GET. A script may contain credentials from its request,
so it is never logged, and no error quotes it.
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

# The keys of the script in a JSON response.
_KEYS = ("script", "content", "sql")
_NO_ROUTE = (404, 405, 501)


def write(api: Integrations, script: str, payload: dict[str, Any]) -> str:
    """Returns a script for an integration that does not exist (`POST /integrations/scripts/{script}`).

    `payload` is the body of the corresponding `POST /integrations`. Raises RouteMissing if this Immuta does not have the route.
    """
    path = f"/integrations/scripts/{script}"
    try:
        return _read(api.http.exchange("POST", path, payload, reads=True, kind=KIND))
    except ApiError as error:
        if error.status not in _NO_ROUTE:
            raise
        raise _missing(path, error) from None


def write_for(api: Integrations, id: str, script: str, payload: dict[str, Any] | None = None) -> str:
    """Returns a script for an existing integration (`POST /integrations/{id}/scripts/{script}`).

    `payload` is the body of the corresponding PUT; None if there is no PUT. Raises NotFoundError if there is no such
    integration, and RouteMissing if this Immuta does not have the route.
    """
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
        "This Immuta does not provide the script",
        f"POST {path} was answered with {error.status}: not every release of Immuta has this route. Copy the script from "
        "Immuta's app settings page, or update Immuta. If this release has the route, check `host` (IMMUTA_HOST), including its "
        "path.",
        status=error.status,
        message=error.message,
    )


def _read(response: Response) -> str:
    """Returns the script in a response, whose form is not documented: a JSON text, a JSON object, or the bare text."""
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
        # SQL may also begin with a quotation mark.
        return text
    return _unwrapped(value)


def _text(response: Response) -> str:
    try:
        return response.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise json_body.malformed("the script is not UTF-8 text") from None


def _unwrapped(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in _KEYS if isinstance(value.get(key), str)), None)
    if not isinstance(value, str):
        raise json_body.malformed(
            f"it contains no script, either as a text or under one of {', '.join(_KEYS)}"
        )
    return _not_empty(value)


def _not_empty(text: str) -> str:
    if not text.strip():
        raise json_body.malformed("the script is empty")
    return text
