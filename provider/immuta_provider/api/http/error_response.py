"""An answer that is not 2xx, as the error that tells the user what to do.

Immuta's error body is `{"statusCode": …, "error": …, "message": …}`, with `validationResults` beside it where tests
failed. Whatever stands before Immuta answers in its own way, so every part is optional.
"""

from __future__ import annotations

from ..integrations import responses
from .errors import (
    ApiError,
    AuthenticationError,
    ConflictError,
    ImmutaError,
    NotFoundError,
    PermissionDenied,
    ProtocolError,
    RateLimitedError,
    RedirectError,
    ServerError,
    ValidationFailedError,
)
from .screen import OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..found import Validation
    from .exchange import Response
    from .screen import Screen

    Quote = Callable[[str], str]

_LONGEST_QUOTE = 2000
# Far more than is shown, and little enough to be looked through for secrets at once, whatever a server sends.
_LOOKED_THROUGH = 16 * 1024
_MOST_TESTS = 50


def quoted(text: str, quote: Quote) -> str:
    """A server's text as it may be shown: without control characters (a terminal would obey them), bounded, and passed
    through the caller's `quote`, which takes care of secrets."""
    # The caller looks for secrets first: a cut through the middle of one would hide it from that search.
    shown = quote(text[:_LOOKED_THROUGH])
    safe = "".join(c if c.isprintable() or c == "\n" else " " for c in shown).strip()
    if len(safe) <= _LONGEST_QUOTE and len(text) <= _LOOKED_THROUGH:
        return safe
    length = len(safe) + max(len(text) - _LOOKED_THROUGH, 0)
    return f"{safe[:_LONGEST_QUOTE]} … ({length} characters in all)"


def failed_tests(validation: Validation, quote: Quote) -> str:
    """One line for each failed test, by name, after a heading; "" when none failed."""
    failed = validation.failed
    if not failed:
        return ""
    lines = [
        f"  - {quoted(test.name, quote) or 'unnamed test'}: {quoted(test.message, quote) or 'no reason was given'}"
        for test in failed[:_MOST_TESTS]
    ]
    if len(failed) > _MOST_TESTS:
        lines.append(f"  - and {len(failed) - _MOST_TESTS} more")
    return "\n\nfailed validation tests:\n" + "\n".join(lines)


def refusal(
    method: str,
    path: str,
    response: Response,
    *,
    quote: Quote,
    screen: Screen = OPEN,
    wall: float,
    credential: str,
    permission: str = "",
) -> ImmutaError:
    """The error for any answer outside 2xx. `quote` and `screen` are the client's, `wall` is the time of day in seconds since the
    epoch, `credential` the name of the setting that the request was authorised with, and `permission` what it needs at Immuta."""
    body, is_json = _body(response)
    error = _error(method, path, response, body, is_json, quote, screen, wall, credential, permission)
    if isinstance(error, ApiError):
        error.own_words = _is_immutas(body, response.status)
    return error


def _error(
    method: str,
    path: str,
    response: Response,
    body: dict[str, Any],
    is_json: bool,
    quote: Quote,
    screen: Screen,
    wall: float,
    credential: str,
    permission: str,
) -> ImmutaError:
    status = response.status
    if 300 <= status < 400:
        return RedirectError(
            "Immuta answered with a redirect",
            f"{method} {path} was answered with {status}, pointing to {_target(response, screen)}. Redirects are not followed, "
            "because the credential would go along. Set `host` (IMMUTA_HOST) to where Immuta itself is.",
        )
    message = quoted(_string(body, "message"), quote)
    said = _said(method, path, status, quoted(_string(body, "error"), quote), message, is_json)
    validation = responses.validation(body.get("validationResults"))
    tests = failed_tests(validation, quote)

    if status == 401:
        return AuthenticationError(
            "Immuta did not accept the credential",
            f"{said}. Check {credential}: it may be wrong, revoked, expired, or of another tenant than `host`.",
            status=status,
            message=message,
        )
    if status == 403:
        return PermissionDenied(
            "Immuta denied the permission",
            f"{said}. The user behind {credential} needs the Immuta permission {permission}."
            if is_json
            else f"{said}. It may come from a gateway or firewall before Immuta; if not, the user behind {credential} needs the "
            f"Immuta permission {permission}.",
            status=status,
            message=message,
        )
    if status == 404:
        # Every Immuta has these two: whoever does not is another server, or another path of it.
        own = _is_immutas(body, status) and path not in ("/integrations", "/bim/apikey/authenticate")
        return NotFoundError(
            "Immuta does not know it" if own else "Immuta's API was not found",
            f"{said}. List the integrations to find the right id."
            if own
            else f"{said}. It does not read like Immuta's own answer: check `host` (IMMUTA_HOST), its path included.",
            status=status,
            message=message,
            immutas_own=own,
        )
    if status == 409:
        existing = _existing_id(_string(body, "message"), screen)
        advice = "" if existing else " Look in Immuta at what is in the way, and apply again when it is not."
        return ConflictError(
            "Immuta reports a conflict",
            f"{said}.{advice}{tests}",
            status=status,
            message=message,
            existing_id=existing,
        )
    if status == 422:
        return ValidationFailedError(
            "Immuta's validation failed",
            f"{said}.{tests}\n\nThis request changed nothing. Fix what is named there, on the platform or in the configuration, "
            "and apply again.",
            status=status,
            message=message,
            tests=validation.tests,
            said=f"{said}.{tests}",
        )
    if status == 429:
        after = retry_after(response, wall)
        return RateLimitedError(
            "Immuta is asked too often",
            f"{said}. {'Try again later' if after is None else f'Try again in {after:.0f} seconds'}, or lower `max_concurrency` "
            "(IMMUTA_MAX_CONCURRENCY).",
            status=status,
            message=message,
            retry_after=after,
        )
    if status >= 500:
        return ServerError(
            "Immuta failed to answer",
            f"{said}.{tests} Try again; if it stays, Immuta's own logs say more.",
            status=status,
            message=message,
            retry_after=retry_after(response, wall),
        )
    if status < 200:
        return responses.malformed(f"{method} {path} was answered with {status}")
    advice = " Correct what it names, and run this again; where it names nothing, Immuta's own logs say more."
    if status == 408:
        advice = " Try again; if it stays, Immuta's own logs say more."
    elif status == 400 and method == "GET" and path.startswith("/integrations/"):
        advice = (
            " The request holds nothing but the id: Immuta's are numbers, such as 7. List the integrations to find the right one "
            "(`GET /integrations`, or the data source `immuta_integrations`)."
        )
    return ApiError("Immuta refused the request", f"{said}.{tests}{advice}", status=status, message=message)


def retry_after(response: Response, wall: float) -> float | None:
    """The `Retry-After` header in seconds from now, from either of its forms; None without a usable one."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        return float(text)
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        return max(parsedate_to_datetime(text).timestamp() - wall, 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _body(response: Response) -> tuple[dict[str, Any], bool]:
    try:
        value = responses.decode(response.body)
    except ProtocolError:
        return {}, False
    return (value, True) if isinstance(value, dict) else ({}, True)


def _is_immutas(body: dict[str, Any], status: int) -> bool:
    """An error in Immuta's own words. Gateways answer in JSON too, in shapes of their own; Immuta's says the status in
    `statusCode`, or uses one of the phrases of its pages."""
    message = _string(body, "message")
    return (
        responses.identifier(body.get("statusCode")) == str(status)
        or "no integration found" in message.lower()
        or _existing_id(message, OPEN) is not None
    )


def _said(method: str, path: str, status: int, error: str, message: str, is_json: bool) -> str:
    said = f"{method} {path} was answered with {status}{' ' + error if error else ''}"
    if message:
        return f'{said}: "{message.rstrip(".")}"'
    return said if is_json else f"{said} and a body that is not JSON"


def _string(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _existing_id(message: str, screen: Screen) -> str | None:
    import re

    found = re.search(r"\(id = (\d{1,20})\)", message)
    return screen.word(found[1], ()) or None if found else None


def _target(response: Response, screen: Screen) -> str:
    """The host alone: a redirect's address may hold tokens."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    if not host:
        return "another path of the same host"
    return screen.word(host, ()) or "another host"
