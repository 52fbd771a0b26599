"""Drift of `additional_config`: the server's values under the configured keys.

An equivalent value keeps its configured form, so that only a real difference shows. Null leaves the value to the server, a mask
tells nothing, the empty values are one, "3" is 3, a list has no order, and other keys of an object do not count. Nothing that
looks like a secret is taken over from the server.
"""

from __future__ import annotations

from ..model.numbers import number
from ..model.payload import MASKS
from ..model.secret_keys import looks_secret
from .equivalence import same_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def at_server(text: Any, config: Mapping[str, Any]) -> str | None:
    """The server's values under the keys that `text` sets, as JSON; None where `text` is none or no object."""
    if not isinstance(text, str):
        return None
    import json

    from ..model.json_text import parse

    try:
        configured = parse(text)
        return json.dumps(_seen(configured, config), sort_keys=True) if isinstance(configured, dict) else None
    except (ValueError, RecursionError):
        return None


def is_at_server(text: Any, config: Mapping[str, Any]) -> bool:
    """Returns whether the server shows every key that `text` sets, with an equivalent value."""
    if not isinstance(text, str):
        return text is None
    from ..model.json_text import parse

    try:
        return _shows(parse(text), config)
    except (ValueError, RecursionError):
        return False


def _shows(configured: Any, actual: Any) -> bool:
    if isinstance(configured, dict) and isinstance(actual, dict):
        return all(_shows(value, actual.get(key)) for key, value in configured.items())
    if _empty(configured) and _empty(actual):
        return True
    return actual is not None and actual not in MASKS and _stands(configured, actual)


def _seen(configured: Any, actual: Any) -> Any:
    """`configured` if the server's value is equivalent, else the server's value."""
    if configured is None or actual is None or actual in MASKS or (_empty(configured) and _empty(actual)):
        return configured
    if isinstance(configured, dict) and isinstance(actual, dict):
        return {key: _seen(value, actual.get(key)) for key, value in configured.items()}
    if isinstance(configured, list) and isinstance(actual, list):
        return _seen_list(configured, actual)
    return configured if _same(configured, actual) else _shown(actual)


def _seen_list(configured: list[Any], actual: list[Any]) -> list[Any]:
    """`configured` where each of its items is there, and no other; else the items that are there, what stands in the place of
    one that is not, and what is there besides."""
    left = list(actual)
    there: list[Any] = []
    missing: list[Any] = []
    for i, item in enumerate(configured):
        # In most answers the item stands where it was sent.
        places = [i - len(there), *range(len(left))] if i - len(there) < len(left) else range(len(left))
        match = next((place for place in places if _stands(item, left[place])), None)
        if match is None:
            missing.append(item)
        else:
            there.append(item)
            del left[match]
    if not missing and not left:
        return configured
    changed = [
        _shown(other) if item is None or other is None else _seen(item, other)
        for item, other in zip(missing, left, strict=False)
    ]
    return [*there, *changed, *(_shown(other) for other in left[len(changed) :])]


def _stands(configured: Any, actual: Any) -> bool:
    """Returns whether the two are equivalent. Null is an element of a list like any other."""
    return (actual is None) == (configured is None) and same_json(_seen(configured, actual), configured)


def _same(configured: Any, actual: Any) -> bool:
    """Returns whether two scalars mean the same, as 3 and "3", or true and "true"."""
    texts = isinstance(configured, str) and isinstance(actual, str)
    if texts or isinstance(configured, bool) or isinstance(actual, bool):
        return bool(_text(configured) == _text(actual))
    amount = number(configured)
    return amount is not None and amount == number(actual)


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    # Answers are read without lone surrogates.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _shown(actual: Any) -> Any:
    """A value of the server that was not sent so, without what looks like a secret in it."""
    if isinstance(actual, dict):
        return {key: _shown(value) for key, value in actual.items() if not looks_secret(key)}
    return [_shown(item) for item in actual] if isinstance(actual, list) else actual
