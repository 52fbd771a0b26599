from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model.numbers import number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (443, 443),
        (443.0, 443),
        ("443", 443),
        ("443.0", 443),
        ("4.43e2", 443),
        ("-1", -1),
        (1.5, 1.5),
        ("1.5", 1.5),
        ("100000000000000000001", 100000000000000000001),
        ("443.000000000000000000001", 443.0),
        (True, None),
        (None, None),
        ("", None),
        (" 443", None),
        ("4_43", None),
        ("٤٤٣", None),
        ("nan", None),
        ("Infinity", None),
        ("1e999999999", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("9" * 400, None),
        ([443], None),
        ({}, None),
    ],
)
def test_a_number_is_read_in_every_form(value: object, expected: float | None) -> None:
    found = number(value)
    assert (found, type(found)) == (expected, type(expected))


@settings(deadline=None)
@given(st.text() | st.floats() | st.integers() | st.binary())
def test_no_value_raises_an_error(value: object) -> None:
    number(value)


def test_numbers_that_python_cannot_print_are_none() -> None:
    assert (number(10**5000), number("9" * 5000)) == (None, None)
