"""What the server says, brought together with what Terraform knows.

Two moments: after a write (`settled`), planned values hold and the server fills what was unknown; on a refresh
(`refreshed`), a value that the server spells differently but means the same keeps its prior form, one that it lacks or
masks keeps what was configured, and a real difference is drift. A server's object is a mapping of attribute names in
which None means: not told.
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
    """The state after a write: what was planned, with each unknown filled from `actual` (null where it is silent)."""
    return {a.name: _settle(a, planned.get(a.name), actual.get(a.name)) for a in schema.attributes}


def refreshed(schema: Schema, prior: Object, actual: Mapping[str, Any]) -> Object:
    """The state after a read: `actual`, with everything that it does not contradict left as it was."""
    return {a.name: _refresh(a, prior.get(a.name), actual.get(a.name)) for a in schema.attributes}


def contradictions(schema: Schema, state: Object, actual: Mapping[str, Any]) -> list[tuple[Path, Any, Any]]:
    """Each attribute whose value in `state` the server contradicts: (path, in the state, at the server)."""
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
        return _shaped(attribute, actual)
    if nested is None or planned is None:
        return planned
    if nested.nesting == "single" and isinstance(planned, dict):
        told = actual if isinstance(actual, dict) else {}
        return {a.name: _settle(a, planned.get(a.name), told.get(a.name)) for a in nested.attributes}
    if nested.nesting == "list" and isinstance(planned, list):
        rows = match(nested, planned, actual if isinstance(actual, list) else [])
        return [
            {a.name: _settle(a, item.get(a.name), _told(row, a.name)) for a in nested.attributes}
            for item, row in zip(planned, rows, strict=True)
        ]
    return planned


def _refresh(attribute: Attribute, prior: Any, actual: Any) -> Any:
    if attribute.write_only:
        return None
    if actual is None or _same(attribute, prior, actual):
        return prior
    nested = attribute.nested
    if nested is None or prior is None:
        return _shaped(attribute, actual)
    if nested.nesting == "single" and isinstance(prior, dict) and isinstance(actual, dict):
        return {a.name: _refresh(a, prior.get(a.name), actual.get(a.name)) for a in nested.attributes}
    if nested.nesting == "list" and isinstance(prior, list) and isinstance(actual, list):
        return [
            {a.name: _refresh(a, _told(item, a.name), _told(row, a.name)) for a in nested.attributes}
            for item, row in _in_order(nested, prior, actual)
        ]
    return _shaped(attribute, actual)


def _in_order(nested: Nested, prior: list[Any], actual: list[Any]) -> list[tuple[Any, Any]]:
    """Each of the server's rows with the one that was known of it: those first, in the order that is known."""
    rows = match(nested, prior, actual)
    known = [(item, row) for item, row in zip(prior, rows, strict=True) if row is not None]
    new = [row for row in actual if not any(row is other for other in rows)]
    return [*known, *((None, row) for row in new)]


def _contradict(
    attribute: Attribute, state: Any, actual: Any, path: Path, found: list[tuple[Path, Any, Any]]
) -> None:
    if attribute.write_only or attribute.state_only or actual is None or _same(attribute, state, actual):
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


def _same(attribute: Attribute, known: Any, actual: Any) -> bool:
    """Whether the server's value says no more than what is known already."""
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
            a.write_only or actual.get(a.name) is None or _same(a, known.get(a.name), actual.get(a.name))
            for a in nested.attributes
        )
    if nested.nesting == "list" and isinstance(known, list) and isinstance(actual, list):
        rows = match(nested, known, actual)
        return len(known) == len(actual) and all(
            row is not None
            and (
                a.write_only
                or _told(row, a.name) is None
                or _same(a, _told(item, a.name), _told(row, a.name))
            )
            for item, row in zip(known, rows, strict=True)
            for a in nested.attributes
        )
    return False


def _empty(value: Any) -> bool:
    """Whether a value says nothing: null, an empty list or text, an object of such values only."""
    if isinstance(value, dict):
        return all(_empty(v) for v in value.values())
    return value is None or value == [] or value == ""


def _shaped(attribute: Attribute, actual: Any) -> Any:
    """A server's value in the full shape of its attribute: every nested attribute present, write-only ones null."""
    nested = attribute.nested
    if attribute.write_only or actual is None:
        return None
    if nested is None:
        return actual
    if nested.nesting == "single":
        return {a.name: _shaped(a, _told(actual, a.name)) for a in nested.attributes}
    # Nobody writes an empty list of objects where there is none.
    return [{a.name: _shaped(a, _told(row, a.name)) for a in nested.attributes} for row in actual] or None


def _told(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
