"""Immuta's answers, read tolerantly: what is missing is empty, what is unknown passes, what cannot be is a ProtocolError.

The shapes are those of Immuta's response schema page; where it contradicts its own examples (`id` as number and as
text), both are read.
"""

from __future__ import annotations

from ..http.errors import ProtocolError
from ..http.ids import identifier
from ..http.json_body import kind, malformed, text_or_empty
from ..http.screen import OPEN
from ..http.validation import validation
from .integration import Integration
from .statuses import KNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..http.screen import Screen


# Names under which a Trino integration may carry the key of its cluster, lower case.
_API_KEYS = frozenset({"apikey", "immutaapikey", "api_key", "immuta.apikey", "immuta_apikey"})

# What Immuta shows in place of a value that it keeps to itself.
_MASKS = frozenset({"REDACTED", "<REDACTED>", "[REDACTED]", "********"})

_TELLING = frozenset({"status", "type", "config", "validationResults"})


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


def integration(value: Any, *, id: str | None = None, screen: Screen = OPEN) -> Integration:
    """One integration, as far as `screen` lets it through. `id` is the one that was asked for: an answer without any is taken to
    be of that one, if it
    tells anything of an integration at all."""
    value = without_api_key(value)
    if not isinstance(value, dict):
        raise malformed(f"an integration is expected as an object, and {kind(value)} came")
    own_id = identifier(screen.value(value.get("id")))
    if own_id is None:
        if value.get("id") is not None or id is None:
            raise malformed(
                f"the id of an integration is expected, and {kind(value.get('id'))} that is not one came"
            )
        if not value.keys() & _TELLING:
            raise malformed("it says nothing of an integration")
        own_id = id
    elif id is not None and own_id != id:
        raise malformed("it is about another integration than the one that was asked for")
    auto_bootstrap = value.get("autoBootstrap")
    if auto_bootstrap is not None and not isinstance(auto_bootstrap, bool):
        raise malformed(f"`autoBootstrap` is expected to be true or false, and {kind(auto_bootstrap)} came")
    config = value.get("config")
    if config is not None and not isinstance(config, dict):
        raise malformed(f"`config` is expected to be an object, and {kind(config)} came")
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
    return Integration(own_id, status=text_or_empty(value.get("status")))


def _entries(value: Any, screen: Screen, read: Callable[[Any], Integration]) -> tuple[Integration, ...]:
    if not isinstance(value, list):
        raise malformed(f"a list of integrations is expected, and {kind(value)} came")
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


def _text(value: dict[str, Any], key: str) -> str:
    text = value.get(key)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise malformed(f"`{key}` is expected to be text, and {kind(text)} came")
    return text
