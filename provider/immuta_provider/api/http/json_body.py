"""Encodes and decodes JSON bodies; no response can exhaust the machine or crash the decoder."""

from __future__ import annotations

from .bounds import ONE, check_decoded, no_memory
from .errors import ConfigurationError, ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .bounds import Bounds

MAX_DEPTH = 100


def encode(payload: Any) -> bytes:
    """Returns the body of a request. Raises a ConfigurationError for a value that JSON cannot express."""
    import json

    try:
        return json.dumps(payload, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError):
        raise ConfigurationError(
            "The configuration cannot be sent", "it contains a value that JSON cannot express."
        ) from None


def malformed(what: str, request: str = "") -> ProtocolError:
    """The error for an answer of the wrong shape. `request` is the method and the path, if they are known here."""
    return ProtocolError(
        "Immuta's answer cannot be understood",
        f"{_answer_to(request) if request else ''}{what}. Check that `host` is Immuta itself and that no proxy or gateway "
        "answers in its place.",
    )


def decode_answer(request: str, body: bytes, bounds: Bounds, *, any_depth: bool = False) -> Any:
    """Returns what `decode` does; its errors name the request, which is a method and a path."""
    try:
        return decode(body, bounds, any_depth=any_depth)
    except ProtocolError as error:
        error.detail = _answer_to(request) + error.detail
        raise


def _answer_to(request: str) -> str:
    return f"the answer to {request}: "


def decode(body: bytes, bounds: Bounds = ONE, *, any_depth: bool = False) -> Any:
    """Returns the JSON value of a body, without lone surrogates, which could not be encoded again.

    TooLarge for more values than the bounds allow. ProtocolError for anything that is not JSON, for numbers that are not finite
    and for nesting deeper than `MAX_DEPTH`, unless the caller looks no deeper (`any_depth`).
    """
    import json

    check_decoded(body, bounds)

    start = body[:200].lstrip()
    if start.startswith(b"<"):
        raise malformed("it is an HTML or XML page, not JSON")
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise malformed(f"it is not valid JSON ({len(body)} bytes)") from None
    except MemoryError:
        raise no_memory() from None
    if isinstance(value, dict | list) and not any_depth:
        _refuse_depth(value, 1)
    # For a long list the next step is the most expensive one, so it is skipped if no surrogate is possible. A surrogate
    # requires an escape, its first byte in UTF-8, or UTF-16 or UTF-32, whose ASCII characters contain zero bytes.
    if any(sign in body for sign in (b"\\ud", b"\\uD", b"\xed", b"\0")):
        return _without_surrogates(value)
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise malformed("it contains a number that is not finite")
    return number


def _refuse_depth(value: dict[str, Any] | list[Any], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise malformed(f"its JSON is nested deeper than {MAX_DEPTH} levels")
    for item in value.values() if isinstance(value, dict) else value:
        if type(item) is dict or type(item) is list:
            _refuse_depth(item, depth + 1)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    return value


def kind(value: Any) -> str:
    """Returns the name of a JSON value's kind, for a message about a response."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def text_or_empty(value: Any) -> str:
    return value if isinstance(value, str) else ""
