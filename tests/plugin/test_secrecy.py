"""Secrets in values: they are learned, nulled where they are write-only, and never pointed at."""

from __future__ import annotations

import copy
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
from support.toy_provider import BLOCK, CONFIGURED, PLAIN, THING, WITHHELD


def test_secrets_are_learned_at_every_depth() -> None:
    learned: list[str] = []
    learn_secrets(THING, CONFIGURED, learned.append)
    secrets = ("configured hint", "configured password", "configured token", "configured pin", "second pin")
    assert learned == [*secrets, "configured key"]


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
    before = copy.deepcopy(CONFIGURED)
    more = {"from an older version": 1, "labels": None}
    nothing = {"zones": {"b": None}}
    assert without_write_only(THING, {**CONFIGURED, **more}) == {**WITHHELD, **more}
    assert without_write_only(THING, nothing) == nothing
    assert before == CONFIGURED


def test_the_paths_of_write_only_attributes_that_are_set() -> None:
    assert list(write_only_paths(THING, CONFIGURED)) == [
        ("password",),
        ("owner", "token"),
        ("rules", 0, "lock", "pins"),
        ("rules", 1, "lock", "pins"),
        ("zones", Key("z"), "key"),
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
        (("unheard of", "x"), ()),
        (("name", "deeper"), ("name",)),
        ((), ()),
    ],
)
def test_a_path_is_cut_before_secrets(path: Path, cut: Path) -> None:
    assert cut_before_secret(THING, path) == cut


def test_a_diagnostic_is_sent_redacted_with_its_path_up_to_a_set() -> None:
    REDACTOR.learn("diagnosed-secret")
    diagnostic = Diagnostic("warning", "a diagnosed-secret", "of diagnosed-secret", ("list", 2))
    expected = {
        "severity": 2,
        "summary": "a (redacted)",
        "detail": "of (redacted)",
        "attribute": {"steps": [{"attribute_name": "list"}, {"element_key_int": 2}]},
    }
    assert encoding.diagnostic(diagnostic, PLAIN) == expected
    assert encoding.diagnostic(diagnostic, None) == {**expected, "attribute": None}
    key, index = {"element_key_string": "k"}, {"element_key_int": 0}
    assert encoding.path(("zones", Key("k"), "city", 0, Element("hunter2"), "name")) == {
        "steps": [{"attribute_name": "zones"}, key, {"attribute_name": "city"}, index]
    }
