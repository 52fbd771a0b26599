"""Values: unknown ones, numbers, equality and paths."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immuta_provider.plugin.paths import Element, Key, dotted
from immuta_provider.plugin.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
)
from immuta_provider.plugin.values import (
    UNKNOWN,
    Dynamic,
    Unknown,
    contains_unknown,
    equal,
    is_unknown,
    number,
)


def test_unknown_values_are_equal_by_their_refinements() -> None:
    assert Unknown() == UNKNOWN
    assert Unknown({1: False}) == Unknown({1: False})
    assert Unknown({1: False}) != UNKNOWN
    assert UNKNOWN != None  # noqa: E711
    assert len({Unknown(), UNKNOWN, Unknown({1: False})}) == 2


def test_an_unknown_value_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="cannot be changed"):
        UNKNOWN.refinements = {}
    assert copy.deepcopy({"a": [UNKNOWN]})["a"][0] is UNKNOWN
    assert copy.copy(UNKNOWN) is UNKNOWN


def test_the_repr_of_an_unknown_value_has_no_prefix() -> None:
    assert repr(Unknown({2: "hunter", 1: False})) == "Unknown(refined by 2, 1)"
    assert repr(UNKNOWN) == "Unknown()"


@pytest.mark.parametrize(
    ("value", "whole", "inside"),
    [
        (UNKNOWN, True, True),
        (Unknown({1: False}), True, True),
        ({"a": [{"b": UNKNOWN}]}, False, True),
        (Dynamic(ListOf(STRING), [UNKNOWN]), False, True),
        ({"a": [1, "x", None]}, False, False),
        (None, False, False),
    ],
)
def test_unknown_values_are_found_at_every_depth(value: object, whole: bool, inside: bool) -> None:
    assert (is_unknown(value), contains_unknown(value)) == (whole, inside)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-0", 0),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("0.1", "0.1"),
        ("1E-400", "1E-400"),
        ("1e400", "1e400"),
        ("1e99999999999", "1e99999999999"),
        ("9" * 400, int("9" * 400)),
        ("9" * 4000, "9" * 4000),
    ],
)
def test_a_decimal_text_becomes_a_number(text: str, value: Any) -> None:
    assert (number(text), type(number(text))) == (value, type(value))


@given(st.from_regex(r"\A-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?\Z"))
def test_no_number_loses_digits(text: str) -> None:
    assert Fraction(number(text)) == Fraction(text)


@pytest.mark.parametrize(
    "text", ["", "-", "nan", "inf", "0x10", "1_000", "1e", "one", "+-1", "\u0661", " 1", "1,5"]
)
def test_a_text_that_is_not_a_decimal_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|float"):
        number(text)


OWNER = ObjectOf({"name": STRING, "size": NUMBER})


@pytest.mark.parametrize(
    ("type", "left", "right", "same"),
    [
        (STRING, "a", "a", True),
        (STRING, "a", None, False),
        (STRING, None, None, True),
        (STRING, UNKNOWN, "a", False),
        (STRING, UNKNOWN, Unknown(), True),
        (NUMBER, 1, 1.0, True),
        (NUMBER, "0.1", 0.1, False),
        (NUMBER, "0.10", "0.1", True),
        (NUMBER, "0.5", 0.5, True),
        (NUMBER, "1e400", "1e401", False),
        (NUMBER, "1e99999999", 1, False),
        (NUMBER, float("inf"), 1, False),
        (BOOL, True, False, False),
        (SetOf(STRING), ["a", "b", "b"], ["b", "a", "b"], True),
        (SetOf(STRING), ["a", "b"], ["a", "a"], False),
        (SetOf(OWNER), [{"name": "a"}], [{"name": "a", "size": None}], True),
        (ListOf(STRING), ["a", "b"], ["b", "a"], False),
        (ListOf(NUMBER), [1], [1, 2], False),
        (MapOf(NUMBER), {"a": 1}, {"a": 1.0}, True),
        (MapOf(NUMBER), {"a": 1}, {"b": 1}, False),
        (MapOf(NUMBER), {"a": None}, {}, False),
        (TupleOf([NUMBER, STRING]), [1, "a"], [1.0, "a"], True),
        (OWNER, {"name": "a"}, {"name": "a", "size": None}, True),
        (OWNER, {"name": "a", "size": 1}, {"name": "a", "size": 2}, False),
        (DYNAMIC, Dynamic(SetOf(NUMBER), [1, 2]), Dynamic(SetOf(NUMBER), [2, 1]), True),
        (DYNAMIC, Dynamic(NUMBER, 1), Dynamic(STRING, "1"), False),
    ],
)
def test_values_are_equal_as_in_terraform(type: Type, left: Any, right: Any, same: bool) -> None:
    assert equal(type, left, right) is same
    assert equal(type, right, left) is same


def test_a_path_is_shown_dotted_and_without_the_values_of_elements() -> None:
    assert dotted(("rules", 0, "lock", "pins")) == "rules[0].lock.pins"
    assert dotted(("zones", Key("a.b"), "key")) == 'zones["a.b"].key'
    assert dotted(("members", Element({"name": "hunter2"}))) == "members[...]"
    assert repr(Element("hunter2")) == "Element(...)"
    assert dotted(()) == ""
