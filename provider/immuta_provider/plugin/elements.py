"""Matches the elements of two lists of objects.

The elements match by their key (`Nested.element_key`), at any position. Without a key they match by position.
"""

from __future__ import annotations

from .values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .schema import Attribute, Nested


def match(
    nested: Nested, elements: Sequence[Any], others: Sequence[Any], *, certain: bool = False
) -> list[Any]:
    """Returns the match in `others` of each of `elements`, or None. Each of `others` is the match of one element at most.

    A key attribute that is null or unknown on one side matches anything: the element gets the first one that remains. With
    `certain` it gets None. So do all elements of lists that have no key and differ in length.
    """
    key = _key(nested)
    if not key:
        comparable = not certain or len(elements) == len(others)
        return [others[i] if comparable and i < len(others) else None for i in range(len(elements))]
    remaining = [other for other in others if isinstance(other, dict)]
    matches: list[Any] = [None] * len(elements)
    for agree in (_equal_keys,) if certain else (_equal_keys, _compatible_keys):
        for i, element in enumerate(elements):
            if matches[i] is None and isinstance(element, dict):
                candidates = (n for n, other in enumerate(remaining) if agree(key, element, other))
                index = next(candidates, None)
                matches[i] = None if index is None else remaining.pop(index)
    return matches


def same_element(nested: Nested, one: Any, other: Any) -> bool:
    """True if two objects at the same position have the same key. Always True without a key."""
    return _equal_keys(_key(nested), one, other)


def _key(nested: Nested) -> list[Attribute]:
    return [a for a in nested.attributes if a.name in nested.element_key]


def _equal_keys(key: list[Attribute], one: Any, other: Any) -> bool:
    return all(_equal(a, one.get(a.name), other.get(a.name)) for a in key)


def _compatible_keys(key: list[Attribute], one: Any, other: Any) -> bool:
    """True if the key attributes that are known on both sides are equal."""
    known = [a for a in key if _known(one.get(a.name)) and _known(other.get(a.name))]
    return _equal_keys(known, one, other)


def _known(value: Any) -> bool:
    return value is not None and not isinstance(value, Unknown)


def _equal(attribute: Attribute, a: Any, b: Any) -> bool:
    if a == b or not (_known(a) and _known(b)):
        return bool(a == b)
    return attribute.semantic_equality is not None and attribute.semantic_equality(a, b)
