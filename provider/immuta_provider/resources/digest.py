"""A digest of what Immuta shows in other words than the request's, by which a change in Immuta is seen.

Two answers that mean the same have one digest: null, absent and empty values, the order of what has none, the words of operators
and what Immuta adds by itself make no difference.

The digest is that of the answer to the read that follows a write. An edit between the write and that read is taken for a part of
the write, and is the one edit that cannot be seen. Where that read fails, the next refresh takes its place.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..model.fields import ResourceType

# Times, people and the state of the user interface: none of them says what a policy does. `metadata` is not among them, since
# that of a masking has its parameters.
_ADDED = frozenset(
    {
        *("createdAt", "updatedAt", "createdBy", "createdByName", "updatedBy", "updatedByName"),
        *("clonedFrom", "displayName", "hasLeafNodes", "color"),
    }
)
# References to objects with lives of their own. What else such an object has is not the policy's.
_REFERENCES = frozenset({"tag", "columnTag", "group"})
_IDENTIFYING = ("name", "iam")
_OPERATORS = {"or": "any", "and": "all"}
# The first that fits decides, so the order of these says something.
_ORDERED = frozenset({"actions", "rules"})
_CHARACTERS = 16


def of(type: ResourceType, body: Mapping[str, Any] | None) -> str:
    """The digest of what an answer holds at the places that cannot be read; "" if the type has none, or there is no answer."""
    if not type.digested or body is None:
        return ""
    import hashlib

    text = _text({place: _normal(place, body.get(place)) for place in type.digested})
    return hashlib.sha256(text.encode()).hexdigest()[:_CHARACTERS]


def _is_added(name: str, object: Mapping[str, Any]) -> bool:
    """Tells if Immuta adds a key by itself. Of the ids, only that of a domain without a name is somebody's: it is a text."""
    if name == "id":
        return "name" in object or not isinstance(object["id"], str)
    return name in _ADDED


def _normal(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        if key in _REFERENCES and value.get("name"):
            value = {name: value.get(name) for name in _IDENTIFYING}
        inner = {name: _normal(name, each) for name, each in value.items() if not _is_added(name, value)}
        return {name: each for name, each in inner.items() if each is not None} or None
    if isinstance(value, list):
        items = [item for item in (_normal("", each) for each in value) if item is not None]
        return (items if key in _ORDERED else sorted(items, key=_text)) or None
    if key == "operator" and isinstance(value, str):
        return _OPERATORS.get(value.lower(), value.lower())
    return None if value == "" else value


def _text(value: Any) -> str:
    import json

    return json.dumps(value, sort_keys=True, separators=(",", ":"))
