"""Converts a response outside 2xx to the error that tells the user what to do.

Immuta's error body is `{"statusCode": …, "error": …, "message": …}`, with `validationResults` if tests failed. A gateway
before Immuta may answer in another form, so every part is optional.
"""

from __future__ import annotations

from . import json_body
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
from .ids import identifier
from .quoting import quoted
from .screen import OPEN
from .validation import failed_tests, validation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .exchange import Response
    from .kind import Kind
    from .quoting import Quote
    from .screen import Screen


def refusal(
    method: str,
    path: str,
    response: Response,
    *,
    kind: Kind,
    quote: Quote,
    screen: Screen = OPEN,
    wall: float,
    credential: str,
) -> ImmutaError:
    """Returns the error for a response outside 2xx.

    `kind` is the kind of object that the request was about; `quote` and `screen` are the client's. `wall` is the time in seconds
    since the epoch. `credential` names the setting with which the request was authorized.
    """
    refused = _Refused(method, path, response, kind, quote, screen, wall, credential)
    error = _made(refused.status)(refused)
    if isinstance(error, ApiError):
        error.own_words = refused.own_words
    return error


class _Refused:
    """The parsed response. `said` describes the exchange, and `tests` lists the failed validation tests; both are quoted."""

    __slots__ = (
        "body",
        "credential",
        "is_json",
        "kind",
        "message",
        "method",
        "own_words",
        "path",
        "response",
        "said",
        "screen",
        "status",
        "tests",
        "validation",
        "wall",
    )

    def __init__(
        self,
        method: str,
        path: str,
        response: Response,
        kind: Kind,
        quote: Quote,
        screen: Screen,
        wall: float,
        credential: str,
    ) -> None:
        self.method = method
        self.path = path
        self.response = response
        self.status = response.status
        self.kind = kind
        self.screen = screen
        self.wall = wall
        self.credential = credential
        self.body, self.is_json = _body(response)
        self.own_words = _is_immutas(self.body, self.status, kind)
        self.message = quoted(_string(self.body, "message"), quote)
        self.validation = validation(self.body.get("validationResults"))
        self.tests = failed_tests(self.validation, quote)
        self.said = self._said(quoted(_string(self.body, "error"), quote))

    def _said(self, error: str) -> str:
        said = f"{self.method} {self.path} was answered with {self.status}{' ' + error if error else ''}"
        if self.message:
            return f'{said}: "{self.message.rstrip(".")}"'
        return said if self.is_json else f"{said} and a body that is not JSON"


def _redirected(refused: _Refused) -> ImmutaError:
    target = _target(refused.response, refused.screen)
    return RedirectError(
        "Immuta answered with a redirect",
        f"{refused.method} {refused.path} was answered with {refused.status}, pointing to {target}. Redirects are not followed, "
        "because the credential would be sent there. Set `host` (IMMUTA_HOST) to Immuta's own URL.",
    )


def _unauthenticated(refused: _Refused) -> ImmutaError:
    return AuthenticationError(
        "Immuta did not accept the credential",
        f"{refused.said}. Check {refused.credential}: it may be wrong, revoked, expired, or of another tenant than `host`.",
        status=refused.status,
        message=refused.message,
    )


def _denied(refused: _Refused) -> ImmutaError:
    permission = refused.kind.permission
    permission = f"the Immuta permission {permission}" if permission else "another permission"
    needs = f"the user behind {refused.credential} needs {permission}."
    advice = (
        f"T{needs[1:]}"
        if refused.is_json
        else f"It may come from a gateway or firewall before Immuta; if not, {needs}"
    )
    return PermissionDenied(
        "Immuta denied the permission",
        f"{refused.said}. {advice}",
        status=refused.status,
        message=refused.message,
    )


def _not_found(refused: _Refused) -> ImmutaError:
    # A server without a path that every Immuta has is not Immuta, or `host` has the wrong path.
    own = refused.own_words and refused.path != refused.kind.everywhere
    if not own:
        advice = "It does not read like Immuta's own answer: check `host` (IMMUTA_HOST), its path included."
    elif refused.path.partition("?")[0] in refused.kind.without_id:
        advice = (
            f"The request names no single {refused.kind.noun}, so this Immuta may not have the route: check its release, and "
            "`host` (IMMUTA_HOST), its path included."
        )
    else:
        advice = f"List the {refused.kind.plural} to find the right id."
    return NotFoundError(
        "Immuta does not know it" if own else "Immuta's API was not found",
        f"{refused.said}. {advice}",
        status=refused.status,
        message=refused.message,
        immutas_own=own,
    )


def _in_conflict(refused: _Refused) -> ImmutaError:
    existing = _existing_id(_string(refused.body, "message"), refused.screen)
    advice = "" if existing else " Resolve the conflict in Immuta and apply again."
    return ConflictError(
        "Immuta reports a conflict",
        f"{refused.said}.{advice}{refused.tests}",
        status=refused.status,
        message=refused.message,
        existing_id=existing,
    )


def _invalid(refused: _Refused) -> ImmutaError:
    said = f"{refused.said}.{refused.tests}"
    return ValidationFailedError(
        "Immuta's validation failed",
        f"{said}\n\nThis request changed nothing. Fix the cause on the platform or in the configuration, and apply "
        "again.",
        status=refused.status,
        message=refused.message,
        tests=refused.validation.tests,
        said=said,
    )


def _rate_limited(refused: _Refused) -> ImmutaError:
    after = retry_after(refused.response, refused.wall)
    return RateLimitedError(
        "Immuta's rate limit was reached",
        f"{refused.said}. {'Try again later' if after is None else f'Try again in {after:.0f} seconds'}, or lower "
        "`max_concurrency` (IMMUTA_MAX_CONCURRENCY).",
        status=refused.status,
        message=refused.message,
        retry_after=after,
    )


def _failed(refused: _Refused) -> ImmutaError:
    # Immuta answers some requests without a valid credential so.
    credential = (
        f" Check {refused.credential} as well: some requests are answered so if it is wrong or expired."
        if refused.status == 500 and refused.own_words and refused.kind.without_id
        else ""
    )
    return ServerError(
        "Immuta failed to answer",
        f"{refused.said}.{refused.tests} {_LATER}{credential}",
        status=refused.status,
        message=refused.message,
        retry_after=retry_after(refused.response, refused.wall),
    )


def _no_final_answer(refused: _Refused) -> ImmutaError:
    return json_body.malformed(f"{refused.method} {refused.path} was answered with {refused.status}")


def _refused_otherwise(refused: _Refused) -> ImmutaError:
    advice = "Correct the cause that it names and try again. If it names none, check Immuta's logs."
    kind = refused.kind
    is_of_one = kind.everywhere and refused.path.startswith(f"{kind.everywhere}/")
    if refused.status == 408:
        advice = _LATER
    elif refused.status == 400 and refused.method == "GET" and is_of_one:
        advice = kind.wrong_id
    return ApiError(
        "Immuta refused the request",
        f"{refused.said}.{refused.tests} {advice}",
        status=refused.status,
        message=refused.message,
    )


_LATER = "Try again. If it happens again, check Immuta's logs."
_BY_STATUS: dict[int, Callable[[_Refused], ImmutaError]] = {
    401: _unauthenticated,
    403: _denied,
    404: _not_found,
    409: _in_conflict,
    422: _invalid,
    429: _rate_limited,
}
_BY_HUNDRED: dict[int, Callable[[_Refused], ImmutaError]] = {
    1: _no_final_answer,
    3: _redirected,
    4: _refused_otherwise,
}


def _made(status: int) -> Callable[[_Refused], ImmutaError]:
    """Returns the function that makes the error for a status."""
    return _BY_STATUS.get(status) or _BY_HUNDRED.get(status // 100, _failed)


def retry_after(response: Response, wall: float) -> float | None:
    """Returns the `Retry-After` header in seconds from now, from either of its forms; None if it is missing or invalid."""
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
        value = json_body.decode(response.body)
    except ProtocolError:
        return {}, False
    return (value, True) if isinstance(value, dict) else ({}, True)


def _is_immutas(body: dict[str, Any], status: int, kind: Kind) -> bool:
    """Tells if Immuta itself wrote the error. Gateways answer in other JSON forms.

    Immuta's body has the status in `statusCode`, or a phrase from its documentation in `message`.
    """
    message = _string(body, "message")
    return (
        identifier(body.get("statusCode")) == str(status)
        or any(phrase in message.lower() for phrase in kind.own_phrases)
        or _existing_id(message, OPEN) is not None
    )


def _string(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _existing_id(message: str, screen: Screen) -> str | None:
    import re

    found = re.search(r"\(id = ([0-9]{1,20})\)", message)
    return screen.word(found[1], ()) or None if found else None


def _target(response: Response, screen: Screen) -> str:
    """Returns the host only, since a redirect's URL may contain tokens."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    if not host:
        return "another path of the same host"
    return screen.word(host, ()) or "another host"
