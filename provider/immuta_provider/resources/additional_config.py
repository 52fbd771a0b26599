"""`additional_config`: what of it the server holds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def at_server(text: Any, config: Mapping[str, Any]) -> str | None:
    """The server's values under the keys that `text` sets, as JSON; None where it tells none of them."""
    if not isinstance(text, str):
        return None
    import json

    try:
        wanted = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(wanted, dict):
        return None
    return json.dumps(_overlay(wanted, config), sort_keys=True)


def _overlay(wanted: Mapping[str, Any], held: Any) -> dict[str, Any]:
    """`wanted`, with the value that `held` has under each of its keys; a key that `held` lacks stays as it is wanted."""
    if not isinstance(held, dict):
        return dict(wanted)
    return {
        key: _overlay(value, held[key])
        if isinstance(value, dict) and isinstance(held.get(key), dict)
        else held.get(key, value)
        for key, value in wanted.items()
    }
