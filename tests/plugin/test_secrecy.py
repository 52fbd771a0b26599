from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostic
from immuta_provider.plugin.paths import Element, Key, Path
from immuta_provider.plugin.protocol import encoding
from immuta_provider.plugin.redaction import REDACTOR
from immuta_provider.plugin.secrecy import (
    cut_before_secret,
    learn_secrets,
    without_write_only,
    write_only_paths,
)
from immuta_provider.plugin.types import STRING as TEXT
from immuta_provider.plugin.types import ListOf
from immuta_provider.plugin.values import UNKNOWN, Dynamic
from support.toy_provider import BLOCK, PLAIN, THING, thing

FULL = thing(
    name="n",
    hint="the hint",
    password="the password",
    owner={"name": "o", "token": "the token"},
    rules=[
        {"path": "p", "lock": {"pins": ["pin one", "pin two"], "level": 1}},
        {"path": "q", "lock": None},
        {"path": "r", "lock": {"pins": UNKNOWN, "level": 2}},
    ],
    zones={"a": {"city": "c", "key": "the key"}, "b": None},
)


def test_secrets_are_learned_at_every_depth() -> None:
    learned: list[str] = []
    learn_secrets(THING, FULL, learned.append)
    assert learned == ["the hint", "the password", "the token", "pin one", "pin two", "the key"]


def test_the_texts_of_secret_maps_and_dynamic_values_are_learned() -> None:
    learned: list[str] = []
    headers = {"X-One": "header one", "X-Two": Dynamic(ListOf(TEXT), ["header two"]), "X-Three": None}
    learn_secrets(BLOCK, {"host": "h", "api_key": UNKNOWN, "headers": headers}, learned.append)
    assert learned == ["header one", "header two"]


@pytest.mark.parametrize(
    "value", [None, UNKNOWN, [], "text", {"owner": 5, "rules": {"a": 1}, "zones": [None]}]
)
def test_values_of_another_shape_are_not_an_error(value: Any) -> None:
    learned: list[str] = []
    learn_secrets(THING, value, learned.append)
    assert learned == []
    assert list(write_only_paths(THING, value)) == []
    assert without_write_only(THING, value) == value


def test_write_only_values_are_nulled_and_other_values_stay() -> None:
    stored = {**FULL, "from an older version": 1}
    assert without_write_only(THING, stored) == {
        **stored,
        "password": None,
        "owner": {"name": "o", "token": None},
        "rules": [
            {"path": "p", "lock": {"pins": None, "level": 1}},
            {"path": "q", "lock": None},
            {"path": "r", "lock": {"pins": None, "level": 2}},
        ],
        "zones": {"a": {"city": "c", "key": None}, "b": None},
    }
    assert FULL["password"] == "the password"


def test_the_write_only_attributes_that_are_set() -> None:
    assert list(write_only_paths(THING, FULL)) == [
        ("password",),
        ("owner", "token"),
        ("rules", 0, "lock", "pins"),
        ("rules", 2, "lock", "pins"),
        ("zones", Key("a"), "key"),
    ]


@pytest.mark.parametrize(
    ("path", "cut"),
    [
        (("name",), ("name",)),
        (("tags",), ("tags",)),
        (("labels", Key("a")), ("labels", Key("a"))),
        (("members", Element({}), "name"), ("members", Element({}), "name")),
        (("password",), ()),
        (("hint",), ()),
        (("owner",), ()),
        (("owner", "name"), ()),
        (("rules", 0, "lock", "level"), ()),
        (("zones", Key("a"), "city"), ()),
        (("no such attribute", "x"), ()),
        (("name", "deeper"), ("name",)),
        ((), ()),
    ],
)
def test_a_path_is_cut_before_secrets(path: Path, cut: Path) -> None:
    assert cut_before_secret(THING, path) == cut


def test_a_diagnostic_as_a_message() -> None:
    REDACTOR.learn("diagnosed-secret")
    told = Diagnostic("warning", "a diagnosed-secret", "of diagnosed-secret", ("list", 2))
    expected = {
        "severity": 2,
        "summary": "a (redacted)",
        "detail": "of (redacted)",
        "attribute": {"steps": [{"attribute_name": "list"}, {"element_key_int": 2}]},
    }
    assert encoding.diagnostic(told, PLAIN) == expected
    assert encoding.diagnostic(told, None) == {**expected, "attribute": None}
    assert encoding.path(("zones", Key("k"), "city", 0, Element("hunter2"), "name")) == {
        "steps": [
            {"attribute_name": "zones"},
            {"element_key_string": "k"},
            {"attribute_name": "city"},
            {"element_key_int": 0},
        ]
    }
