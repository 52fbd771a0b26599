"""Merges the server's actual values with the planned or prior state.

After a write (`settled`), planned values stay, and unknown ones take their actual value. On a refresh (`refreshed`), a prior
value stays if the actual one is equivalent or missing; a real difference is drift. The actual values are a mapping by attribute
name. None in it means that the server does not return the value.
"""

from __future__ import annotations

from .elements import match
from .values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .interfaces import Object
    from .paths import Path
    from .schema import Attribute, Nested, Schema


def settled(schema: Schema, planned: Object, actual: Mapping[str, Any]) -> Object:
    """The state after a write: the planned one, with `actual`'s value for each unknown one (null if it has none)."""
    return {a.name: _settle(a, planned.get(a.name), actual.get(a.name)) for a in schema.attributes}


def refreshed(schema: Schema, prior: Object, actual: Mapping[str, Any]) -> Object:
    """The state after a read: `actual`, with the prior value where `actual` does not contradict it."""
    return {a.name: _refresh(a, prior.get(a.name), actual.get(a.name)) for a in schema.attributes}


def contradictions(schema: Schema, state: Object, actual: Mapping[str, Any]) -> list[tuple[Path, Any, Any]]:
    """The attributes whose value in `state` the server contradicts, as (path, value in the state, actual value)."""
    found: list[tuple[Path, Any, Any]] = []
    for attribute in schema.attributes:
        _contradict(
            attribute, state.get(attribute.name), actual.get(attribute.name), (attribute.name,), found
        )
    return found


def _settle(attribute: Attribute, planned: Any, actual: Any) -> Any:
    if attribute.write_only:
        return None
    nested = attribute.nested
    if isinstance(planned, Unknown):
        return _in_full(attribute, actual)
    if nested is None or planned is None:
        return planned
    if nested.nesting == "single" and isinstance(planned, dict):
        return {a.name: _settle(a, planned.get(a.name), _value(actual, a.name)) for a in nested.attributes}
    if nested.nesting == "list" and isinstance(planned, list):
        matches = match(nested, planned, actual if isinstance(actual, list) else [])
        return [
            {a.name: _settle(a, element.get(a.name), _value(other, a.name)) for a in nested.attributes}
            for element, other in zip(planned, matches, strict=True)
        ]
    return planned


def _refresh(attribute: Attribute, prior: Any, actual: Any) -> Any:
    if attribute.write_only:
        return None
    if actual is None or _equivalent(attribute, prior, actual):
        return prior
    nested = attribute.nested
    if nested is None or prior is None:
        return _in_full(attribute, actual)
    if nested.nesting == "single" and isinstance(prior, dict) and isinstance(actual, dict):
        return {a.name: _refresh(a, prior.get(a.name), actual.get(a.name)) for a in nested.attributes}
    if nested.nesting == "list" and isinstance(prior, list) and isinstance(actual, list):
        return [
            {a.name: _refresh(a, _value(element, a.name), _value(other, a.name)) for a in nested.attributes}
            for element, other in _in_prior_order(nested, prior, actual)
        ]
    return _in_full(attribute, actual)


def _in_prior_order(nested: Nested, prior: list[Any], actual: list[Any]) -> list[tuple[Any, Any]]:
    """The actual elements, each with its prior element, in the prior order. New elements follow, with None."""
    matches = match(nested, prior, actual)
    known = [(element, other) for element, other in zip(prior, matches, strict=True) if other is not None]
    new = [element for element in actual if not any(element is other for other in matches)]
    return [*known, *((None, element) for element in new)]


def _contradict(
    attribute: Attribute, state: Any, actual: Any, path: Path, found: list[tuple[Path, Any, Any]]
) -> None:
    if (
        attribute.write_only
        or attribute.state_only
        or actual is None
        or _equivalent(attribute, state, actual)
    ):
        return
    nested = attribute.nested
    if (
        nested is not None
        and nested.nesting == "single"
        and isinstance(state, dict)
        and isinstance(actual, dict)
    ):
        for child in nested.attributes:
            _contradict(child, state.get(child.name), actual.get(child.name), (*path, child.name), found)
    elif state is not None or not attribute.computed:
        found.append((path, state, actual))


def _equivalent(attribute: Attribute, known: Any, actual: Any) -> bool:
    """True if the actual value is equivalent to the known one, or fills an unknown one."""
    if isinstance(known, Unknown):
        return True
    if known is None:
        return _empty(actual)
    if known == actual or (_empty(known) and _empty(actual)):
        return True
    nested = attribute.nested
    if nested is None:
        if isinstance(known, list) and isinstance(actual, list):
            return len(known) == len(actual) and sorted(map(repr, known)) == sorted(map(repr, actual))
        return attribute.semantic_equality is not None and attribute.semantic_equality(known, actual)
    if nested.nesting == "single" and isinstance(known, dict) and isinstance(actual, dict):
        return all(
            a.write_only
            or actual.get(a.name) is None
            or _equivalent(a, known.get(a.name), actual.get(a.name))
            for a in nested.attributes
        )
    if nested.nesting == "list" and isinstance(known, list) and isinstance(actual, list):
        matches = match(nested, known, actual)
        return len(known) == len(actual) and all(
            other is not None
            and (
                a.write_only
                or _value(other, a.name) is None
                or _equivalent(a, _value(element, a.name), _value(other, a.name))
            )
            for element, other in zip(known, matches, strict=True)
            for a in nested.attributes
        )
    return False


def _empty(value: Any) -> bool:
    """True for null, an empty list or text, and an object of such values only."""
    if isinstance(value, dict):
        return all(_empty(v) for v in value.values())
    return value is None or value == [] or value == ""


def _in_full(attribute: Attribute, actual: Any) -> Any:
    """The actual value with every nested attribute that the schema has, write-only ones null."""
    nested = attribute.nested
    if attribute.write_only or actual is None:
        return None
    if nested is None:
        return actual
    if nested.nesting == "single":
        return {a.name: _in_full(a, _value(actual, a.name)) for a in nested.attributes}
    # A configuration without such objects has null, not an empty list.
    return [{a.name: _in_full(a, _value(each, a.name)) for a in nested.attributes} for each in actual] or None


def _value(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
