"""Terraform's values in Python.

null is `None`; string, bool, list and map / object are `str`, `bool`, `list` and `dict`. A set is a `list` whose
order means nothing. A number is an `int`, a `float`, or a decimal `str` if float64 cannot represent it exactly.
(Terraform keeps 512 bits: `0.1` in a configuration arrives as the text "0.1" and has to be returned as that.) A
value that is not known yet is an `Unknown`. The value of an attribute that may have any type is a `Dynamic`.
"""

from __future__ import annotations

from .types import DYNAMIC, ListOf, MapOf, ObjectOf, Primitive, SetOf, TupleOf, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final, NoReturn, TypeGuard

NULLNESS = 1
STRING_PREFIX = 2
NUMBER_MIN = 3
NUMBER_MAX = 4
LENGTH_MIN = 5
LENGTH_MAX = 6

_LARGEST_EXPONENT = 5000
_MOST_DIGITS = 2000


class Unknown:
    """A value that Terraform does not know yet. Immutable; equal to another one with the same refinements.

    `refinements` is empty, or limits what the value can be. Its keys are in this module: NULLNESS -> False (not
    null), STRING_PREFIX -> str, NUMBER_MIN and NUMBER_MAX -> [number, inclusive], LENGTH_MIN and LENGTH_MAX -> int.
    `repr` leaves the limits out, because a prefix can be the start of a secret.
    """

    __slots__ = ("refinements",)

    refinements: Mapping[int, object]

    def __init__(self, refinements: Mapping[int, object] | None = None) -> None:
        object.__setattr__(self, "refinements", dict(refinements) if refinements else {})

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("an unknown value cannot be changed: make a new one")

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: object) -> Unknown:
        return self

    def __eq__(self, other: object) -> bool:
        return type(other) is Unknown and self.refinements == other.refinements

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.refinements)))

    def __repr__(self) -> str:
        return (
            f"Unknown(refined by {', '.join(map(str, self.refinements))})"
            if self.refinements
            else "Unknown()"
        )


class Dynamic:
    """A value of an attribute of type DYNAMIC, with the actual type of the value."""

    __slots__ = ("type", "value")

    def __init__(self, type: Type, value: object) -> None:
        self.type = type
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dynamic) and self.type == other.type and self.value == other.value

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Dynamic({self.type!r}, {self.value!r})"


UNKNOWN: Final = Unknown()


def is_unknown(value: object) -> TypeGuard[Unknown]:
    """True if the value as a whole is unknown."""
    return type(value) is Unknown


def contains_unknown(value: object) -> bool:
    """True if the value or anything inside it is unknown."""
    kind = type(value)
    if kind is dict:
        return any(contains_unknown(v) for v in value.values())  # type: ignore[attr-defined]
    if kind is list:
        return any(contains_unknown(v) for v in value)  # type: ignore[attr-defined]
    if kind is Dynamic:
        return contains_unknown(value.value)  # type: ignore[attr-defined]
    return kind is Unknown


def number(text: str) -> int | float | str:
    """The number in a decimal text, as an int or float if that is exact, else as the text itself. A text of more
    than 2000 characters stays a text.

    Raises ValueError if the text is not a finite decimal number.
    """
    digits, e, _ = text.lower().partition("e")
    whole, dot, fraction = digits.partition(".")
    bare = whole[1:] if whole[:1] in ("-", "+") else whole
    if not (bare + fraction).isdecimal() or not text.isascii():
        raise ValueError("not a decimal number")
    if len(text) > _MOST_DIGITS:
        return text
    if not dot and not e:
        return int(text)
    exact = float(text)
    scaled = _ratio(text)
    if scaled is None or exact in (float("inf"), float("-inf")):
        return text
    numerator, denominator = exact.as_integer_ratio()
    return exact if numerator * scaled[1] == scaled[0] * denominator else text


def equal(type: Type, left: Any, right: Any) -> bool:
    """True if two values of one type are equal to Terraform. Sets have no order, numbers compare by value in any
    notation, and an object's missing key is null."""
    if left is None or right is None or is_unknown(left) or is_unknown(right):
        return bool(left == right)
    if isinstance(type, ObjectOf):
        return all(equal(t, left.get(name), right.get(name)) for name, t in type.attributes.items())
    if isinstance(type, ListOf):
        return len(left) == len(right) and all(map(equal, [type.element] * len(left), left, right))
    if isinstance(type, SetOf):
        return _equal_sets(type.element, left, right)
    if isinstance(type, MapOf):
        return left.keys() == right.keys() and all(equal(type.element, left[key], right[key]) for key in left)
    if isinstance(type, TupleOf):
        return len(left) == len(right) and all(map(equal, type.elements, left, right))
    if type == DYNAMIC and isinstance(left, Dynamic) and isinstance(right, Dynamic):
        return left.type == right.type and equal(left.type, left.value, right.value)
    if isinstance(type, Primitive) and type.name == "number" and left != right:
        pair = _ratio(left), _ratio(right)
        return None not in pair and pair[0][0] * pair[1][1] == pair[1][0] * pair[0][1]  # type: ignore[index]
    return bool(left == right)


def _equal_sets(element: Type, left: list[Any], right: list[Any]) -> bool:
    rest = list(right)
    for value in left:
        for index, other in enumerate(rest):
            if equal(element, value, other):
                del rest[index]
                break
        else:
            return False
    return not rest


def _ratio(value: float | str) -> tuple[int, int] | None:
    """Numerator and denominator, or None if the number is not finite or its exponent is beyond _LARGEST_EXPONENT."""
    if not isinstance(value, str):
        try:
            return value.as_integer_ratio()
        except (OverflowError, ValueError):
            return None
    digits, _, power = value.lower().partition("e")
    whole, _, fraction = digits.partition(".")
    try:
        exponent = int(power or "0") - len(fraction)
        mantissa = int(whole + fraction)
    except ValueError:
        return None
    if abs(exponent) > _LARGEST_EXPONENT:
        return None
    return (mantissa * 10**exponent, 1) if exponent >= 0 else (mantissa, 10**-exponent)
