"""The actual `additional_config`: only a real difference shows, and never a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from immuta_provider.resources.additional_config_drift import at_server

SAME: list[tuple[Any, Any]] = [
    # configured, actual
    (None, {"password": "leak"}),
    (None, 7),
    ("a", None),
    ("a", "REDACTED"),
    ([1], "********"),
    (1, "1"),
    ("3", 3),
    (2.5, "2.50"),
    (True, "true"),
    ("false", False),
    ([], None),
    ("", []),
    ({}, ""),
    ([1, 2, 3], [3, 1, 2]),
    ([1, 1, 2], [2, 1, 1]),
    ([None, "a"], ["a", None]),
    ([{"a": 1}, {"a": 2}], [{"a": 2, "id": 5}, {"a": 1, "id": 7, "token": "leak"}]),
    ([{"a": [1, 2]}], [{"a": [2, 1]}]),
    ({"a": 1, "b": None}, {"a": 1, "b": 5, "token": "leak"}),
    ({"a": 1}, {}),
    ("\ud800", "?"),
]
DIFFERENT: list[tuple[Any, Any, Any]] = [
    # configured, actual, shown
    ("a", "b", "b"),
    (1, True, True),
    (1, 2, 2),
    (0, "", ""),
    ([1, 2], [1], [1]),
    ([1], [2, 1], [1, 2]),
    ([1, 1], [1, 2], [1, 2]),
    ([{"a": 1}], [{"a": 2, "token": "leak", "id": 4}], [{"a": 2}]),
    ([1], [1, {"token": "leak", "b": [{"apiKey": "leak", "c": 1}]}], [1, {"b": [{"c": 1}]}]),
    ("a", {"password": "leak", "b": {"secretKey": "leak", "c": 1}}, {"b": {"c": 1}}),
    (["a"], {"credential": "leak"}, {}),
    ({"a": {"b": 1}}, {"a": ["c"]}, {"a": ["c"]}),
    ([None], ["a"], ["a"]),
    (["a"], [None], [None]),
]


def seen(configured: Any, actual: Any) -> Any:
    text = at_server(json.dumps({"key": configured}), {"key": actual, "password": "leak", "more": 1})
    assert text is not None
    assert "leak" not in text
    return json.loads(text)


@pytest.mark.parametrize(("configured", "actual"), SAME)
def test_another_spelling_is_not_a_difference(configured: Any, actual: Any) -> None:
    assert json.dumps(seen(configured, actual)) == json.dumps({"key": configured})


@pytest.mark.parametrize(("configured", "actual", "shown"), DIFFERENT)
def test_a_difference_shows_without_values_that_look_like_secrets(
    configured: Any, actual: Any, shown: Any
) -> None:
    assert json.dumps(seen(configured, actual)) == json.dumps({"key": shown})


@pytest.mark.parametrize(
    "text", [None, 7, "", "[1]", "{", '{"a": NaN}', '{"a": 1e400}', '{"a": ' + "[" * 100_000]
)
def test_a_text_that_is_not_an_object_is_not_compared(text: Any) -> None:
    assert at_server(text, {"a": 1}) is None
