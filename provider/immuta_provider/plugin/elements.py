"""Which rows of two lists are about the same thing.

A list of objects whose schema says by which attributes its rows are told apart (`Nested.element_key`) is compared by them,
wherever in the list a row stands; any other list is compared by position.
"""

from __future__ import annotations

from .values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .schema import Attribute, Nested


def match(nested: Nested, rows: Sequence[Any], others: Sequence[Any], *, certain: bool = False) -> list[Any]:
    """For each of `rows` the one of `others` that is about the same thing, or None; no two get the same one.

    What only one side tells (null or unknown on the other) contradicts nothing: such a row gets the first one that is left
    over. `certain`: it gets none, and neither do the rows of lists that are compared by position and differ in length.
    """
    names = _names(nested)
    if not names:
        told = not certain or len(rows) == len(others)
        return [others[i] if told and i < len(others) else None for i in range(len(rows))]
    left = [other for other in others if isinstance(other, dict)]
    found: list[Any] = [None] * len(rows)
    for agree in (_told,) if certain else (_told, _possible):
        for i, row in enumerate(rows):
            if found[i] is None and isinstance(row, dict):
                fits = (n for n, other in enumerate(left) if agree(names, row, other))
                place = next(fits, None)
                found[i] = None if place is None else left.pop(place)
    return found


def same_thing(nested: Nested, one: Any, other: Any) -> bool:
    """Whether two objects are about the same thing. Where nothing tells them apart, they are if they have the same place."""
    return _told(_names(nested), one, other)


def _names(nested: Nested) -> list[Attribute]:
    return [a for a in nested.attributes if a.name in nested.element_key]


def _told(names: list[Attribute], row: Any, other: Any) -> bool:
    """Whether both say the same of what they are about."""
    return all(_same(a, row.get(a.name), other.get(a.name)) for a in names)


def _possible(names: list[Attribute], row: Any, other: Any) -> bool:
    """Whether nothing that both say speaks against it."""
    told = [a for a in names if _known(row.get(a.name)) and _known(other.get(a.name))]
    return _told(told, row, other)


def _known(value: Any) -> bool:
    return value is not None and not isinstance(value, Unknown)


def _same(attribute: Attribute, a: Any, b: Any) -> bool:
    if a == b or not (_known(a) and _known(b)):
        return bool(a == b)
    return attribute.semantic_equality is not None and attribute.semantic_equality(a, b)
