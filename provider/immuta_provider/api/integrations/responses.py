"""Immuta's answers, read tolerantly: what is missing is empty, what is unknown passes, what cannot be is a ProtocolError.

The shapes are those of Immuta's response schema page; where it contradicts its own examples (`id` as number and as
text), both are read.
"""

from __future__ import annotations

from ..found import Validation, ValidationTest
from ..http.bounds import ONE, check_decoded, no_memory
from ..http.errors import ProtocolError
from ..http.screen import MASK, OPEN
from .integration import Integration
from .statuses import KNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..http.bounds import Bounds
    from ..http.screen import Screen

MAX_DEPTH = 100
_LONGEST_ID = 100

# Names under which a Trino integration may carry the key of its cluster, lower case.
_API_KEYS = frozenset({"apikey", "immutaapikey", "api_key", "immuta.apikey", "immuta_apikey"})

# What Immuta shows in place of a value that it keeps to itself.
_MASKS = frozenset({"REDACTED", "<REDACTED>", "[REDACTED]", "********"})

_TELLING = frozenset({"status", "type", "config", "validationResults"})


def malformed(what: str) -> ProtocolError:
    return ProtocolError(
        "Immuta's answer cannot be understood",
        f"{what}. Check that `host` is Immuta itself and that no proxy or gateway answers in its place.",
    )


def decode(body: bytes, bounds: Bounds = ONE, *, any_depth: bool = False) -> Any:
    """The JSON value of a body, without lone surrogates (they could not be written anywhere).

    ProtocolError for anything that is not JSON, for numbers that are not finite, for more values than the bounds allow and for
    nesting deeper than `MAX_DEPTH`, unless the caller looks no deeper (`any_depth`).
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
    # Of a long list the next step would be the most expensive one. A surrogate comes from an escape, from a byte that begins
    # one in UTF-8, or from UTF-16 and UTF-32, in which all that is JSON's own has zero bytes.
    if any(sign in body for sign in (b"\\ud", b"\\uD", b"\xed", b"\0")):
        return _without_surrogates(value)
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise malformed("it holds a number beyond any bound")
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


def without_api_key(value: Any) -> Any:
    """The same answer without the key of a Trino cluster, at any depth."""
    if isinstance(value, list):
        return [without_api_key(item) for item in value]
    if isinstance(value, dict):
        return {key: without_api_key(item) for key, item in value.items() if key.lower() not in _API_KEYS}
    return value


def api_key(value: Any) -> str | None:
    """The key of a Trino cluster, which `without_api_key` takes out; None where there is none, or only a mask of one."""
    if not isinstance(value, dict):
        return None
    for place in (value.get("config"), value):
        for key, item in place.items() if isinstance(place, dict) else ():
            if key.lower() in _API_KEYS and isinstance(item, str) and item.strip() and item not in _MASKS:
                return item
    return None


def is_id(text: str) -> bool:
    """An id that can be asked for: text that can be shown and that leads to no other route than an integration's own."""
    return bool(text.strip(".")) and text.isprintable() and text == text.strip() and len(text) <= _LONGEST_ID


def identifier(value: Any) -> str | None:
    """An id as text, from a whole number or a text that can be asked for (`is_id`); None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) and value != MASK and is_id(value) else None


def integration(value: Any, *, id: str | None = None, screen: Screen = OPEN) -> Integration:
    """One integration, as far as `screen` lets it through. `id` is the one that was asked for: an answer without any is taken to
    be of that one, if it
    tells anything of an integration at all."""
    value = without_api_key(value)
    if not isinstance(value, dict):
        raise malformed(f"an integration is expected as an object, and {_kind(value)} came")
    own_id = identifier(screen.value(value.get("id")))
    if own_id is None:
        if value.get("id") is not None or id is None:
            raise malformed(
                f"the id of an integration is expected, and {_kind(value.get('id'))} that is not one came"
            )
        if not value.keys() & _TELLING:
            raise malformed("it says nothing of an integration")
        own_id = id
    elif id is not None and own_id != id:
        raise malformed("it is about another integration than the one that was asked for")
    auto_bootstrap = value.get("autoBootstrap")
    if auto_bootstrap is not None and not isinstance(auto_bootstrap, bool):
        raise malformed(f"`autoBootstrap` is expected to be true or false, and {_kind(auto_bootstrap)} came")
    config = value.get("config")
    if config is not None and not isinstance(config, dict):
        raise malformed(f"`config` is expected to be an object, and {_kind(config)} came")
    return Integration(
        own_id,
        screen.value(_text(value, "type")),
        screen.word(_text(value, "status"), KNOWN),
        auto_bootstrap,
        screen.value(config),
        validation(value.get("validationResults")),
    )


def integrations(value: Any, screen: Screen = OPEN) -> tuple[Integration, ...]:
    """The list of all integrations. An entry of an unexpected shape is kept by its id alone, and one whose id cannot be asked
    for is left out, so that neither stands in the way of the others; an entry without an id is a ProtocolError."""
    return _entries(value, screen, lambda item: integration(item, screen=screen))


def presences(value: Any) -> tuple[Integration, ...]:
    """The same list with ids and statuses alone, to be compared and not to be shown, which takes a tenth of the time."""
    return _entries(value, OPEN, _presence)


def _presence(value: Any) -> Integration:
    own_id = identifier(value.get("id")) if isinstance(value, dict) else None
    if own_id is None:
        raise malformed("a list of integrations is expected, each with its id")
    return Integration(own_id, status=_or_empty(value.get("status")))


def _entries(value: Any, screen: Screen, read: Callable[[Any], Integration]) -> tuple[Integration, ...]:
    if not isinstance(value, list):
        raise malformed(f"a list of integrations is expected, and {_kind(value)} came")
    entries = []
    for item in value:
        try:
            entries.append(read(item))
        except ProtocolError:
            own_id = identifier(screen.value(item.get("id"))) if isinstance(item, dict) else None
            if own_id is not None:
                entries.append(Integration(own_id))
            elif not isinstance(item, dict) or not isinstance(item.get("id"), str):
                raise
    return tuple(entries)


def integration_status(value: Any, id: str, screen: Screen = OPEN) -> Integration:
    """The answer of the status route, whose shape no page shows: an object with `status`, or the bare text. An object without
    one says nothing."""
    if isinstance(value, str):
        value = {"status": value}
    if isinstance(value, dict) and "status" not in value:
        return Integration(id)
    return integration(value, id=id, screen=screen)


def validation(value: Any) -> Validation:
    """Validation results. They only inform, so whatever does not fit is left out."""
    if not isinstance(value, dict):
        return Validation()
    tests = value.get("validationTests")
    return Validation(
        _or_empty(value.get("status")),
        tuple(
            ValidationTest(
                _or_empty(test.get("name")), _or_empty(test.get("status")), _or_empty(test.get("message"))
            )
            for test in (tests if isinstance(tests, list) else ())
            if isinstance(test, dict)
        ),
    )


def _text(value: dict[str, Any], key: str) -> str:
    text = value.get(key)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise malformed(f"`{key}` is expected to be text, and {_kind(text)} came")
    return text


def _or_empty(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"
