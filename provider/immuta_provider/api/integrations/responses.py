"""Parses Immuta's responses tolerantly: missing parts are empty, unknown parts are kept, impossible parts are a ProtocolError.

The shapes are those of Immuta's response schema page. If the page contradicts its own examples (`id` as a number and as text),
both forms are accepted.
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


# The names of the API key of a Trino cluster in a response, in lower case.
_API_KEYS = frozenset({"apikey", "immutaapikey", "api_key", "immuta.apikey", "immuta_apikey"})

# The mask that Immuta shows in place of a secret.
_MASKS = frozenset({"REDACTED", "<REDACTED>", "[REDACTED]", "********"})

_TELLING = frozenset({"status", "type", "config", "validationResults"})


def without_api_key(value: Any) -> Any:
    """Returns the response without the API key of a Trino cluster, at any depth."""
    if isinstance(value, list):
        return [without_api_key(item) for item in value]
    if isinstance(value, dict):
        return {key: without_api_key(item) for key, item in value.items() if key.lower() not in _API_KEYS}
    return value


def api_key(value: Any) -> str | None:
    """Returns the API key of a Trino cluster, which `without_api_key` removes; None if it is missing or masked."""
    if not isinstance(value, dict):
        return None
    for place in (value.get("config"), value):
        for key, item in place.items() if isinstance(place, dict) else ():
            if key.lower() in _API_KEYS and isinstance(item, str) and item.strip() and item not in _MASKS:
                return item
    return None


def integration(value: Any, *, id: str | None = None, screen: Screen = OPEN) -> Integration:
    """Returns one integration, filtered by `screen`.

    `id` is the requested id. A response without an id is accepted for that id if it has any part of an integration.
    """
    value = without_api_key(value)
    if not isinstance(value, dict):
        raise malformed(f"an integration has to be an object, but it is {kind(value)}")
    own_id = identifier(screen.value(value.get("id")))
    if own_id is None:
        if value.get("id") is not None or id is None:
            raise malformed(f"the id of an integration is {kind(value.get('id'))} that cannot be an id")
        if not value.keys() & _TELLING:
            raise malformed("it contains no part of an integration")
        own_id = id
    elif id is not None and own_id != id:
        raise malformed("it is about another integration than the requested one")
    auto_bootstrap = value.get("autoBootstrap")
    if auto_bootstrap is not None and not isinstance(auto_bootstrap, bool):
        raise malformed(f"`autoBootstrap` has to be true or false, but it is {kind(auto_bootstrap)}")
    config = value.get("config")
    if config is not None and not isinstance(config, dict):
        raise malformed(f"`config` has to be an object, but it is {kind(config)}")
    return Integration(
        own_id,
        screen.value(_text(value, "type")),
        screen.word(_text(value, "status"), KNOWN),
        auto_bootstrap,
        screen.value(config),
        validation(value.get("validationResults")),
    )


def integrations(value: Any, screen: Screen = OPEN) -> tuple[Integration, ...]:
    """Returns the list of all integrations.

    An element of an unexpected shape is kept with its id only, and one with an unusable id is dropped, so that the others can
    still be read. Raises a ProtocolError for an element without an id.
    """
    return _entries(value, screen, lambda item: integration(item, screen=screen))


def presences(value: Any) -> tuple[Integration, ...]:
    """Returns the list with ids and statuses only, for comparison and not for display, in a tenth of the time."""
    return _entries(value, OPEN, _presence)


def _presence(value: Any) -> Integration:
    own_id = identifier(value.get("id")) if isinstance(value, dict) else None
    if own_id is None:
        raise malformed("each integration of the list has to have an id")
    return Integration(own_id, status=text_or_empty(value.get("status")))


def _entries(value: Any, screen: Screen, read: Callable[[Any], Integration]) -> tuple[Integration, ...]:
    if not isinstance(value, list):
        raise malformed(f"it has to be a list of integrations, but it is {kind(value)}")
    entries = []
    for item in value:
        try:
            entries.append(read(item))
        except ProtocolError:
            own_id = identifier(screen.value(item.get("id"))) if isinstance(item, dict) else None
            if own_id is not None:
                entries.append(Integration(own_id))
            elif not isinstance(item, dict) or not isinstance(item.get("id"), str | int | float):
                raise
    return tuple(entries)


def integration_status(value: Any, id: str, screen: Screen = OPEN) -> Integration:
    """Returns the response of the status route. No page documents its shape.

    It may be an object with `status`, or the bare text. An object without `status` has no information.
    """
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
        raise malformed(f"`{key}` has to be text, but it is {kind(text)}")
    return text
