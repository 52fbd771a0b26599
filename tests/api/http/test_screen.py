"""The parts of a response that may enter the state."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api.http.errors import ProtocolError
from immuta_provider.api.http.screen import LONGEST, MASK, Screen
from immuta_provider.api.integrations import responses
from immuta_provider.api.integrations.integration import Integration

SECRET = "hunter2-hunter2"
SCREEN = Screen(
    lambda text: SECRET in text or text in ("abc12", "12345678"),
    lambda text: "(not shown)" if "abc12" in text else text,
)
VALUES: list[tuple[Any, Any]] = [
    ("WH", "WH"),
    (f"a {SECRET}", MASK),
    ("abc12", MASK),
    ("x" * LONGEST, "x" * LONGEST),
    ("x" * (LONGEST + 1), MASK),
    (443, 443),
    (12345678, MASK),
    (1e300, MASK),
    (True, True),
    (None, None),
    ({"a": [{"b": SECRET}, 0.5], SECRET: 1, "c": {}}, {"a": [{"b": MASK}, 0.5], "c": {}}),
]


@pytest.mark.parametrize(("value", "kept"), VALUES)
def test_only_short_values_without_a_secret_are_kept(value: Any, kept: Any) -> None:
    assert SCREEN.value(value) == kept


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("enabled", "enabled"),
        ("has abc12", ""),
        (f"not {SECRET}", ""),
        ("abc12", ""),
        (MASK, ""),
        ("x" * 101, ""),
        ("\x1b[2J", ""),
        ("", ""),
    ],
)
def test_only_a_short_word_without_a_secret_is_kept(text: str, word: str) -> None:
    assert SCREEN.word(text, ()) == word


def test_a_known_word_is_kept_whatever_the_secrets_are() -> None:
    assert Screen(lambda text: True).word("enabled", {"enabled"}) == "enabled"


def test_an_integration_is_screened() -> None:
    shown = {
        "id": 7,
        "type": SECRET,
        "status": f"not {SECRET}",
        "config": {"host": "acme.example", "role": SECRET},
    }
    screened = Integration("7", MASK, config={"host": "acme.example", "role": MASK})
    assert responses.integration(shown, screen=SCREEN) == screened
    assert responses.integrations([shown], SCREEN) == (screened,)


@pytest.mark.parametrize("id", [SECRET, MASK, 12345678])
def test_an_id_with_a_secret_is_refused(id: Any) -> None:
    with pytest.raises(ProtocolError):
        responses.integration({"id": id, "status": "enabled"}, screen=SCREEN)
