"""Immuta's JSON as integrations, and answers that are not usable."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immuta_provider.api.found import Validation, ValidationTest
from immuta_provider.api.http import json_body
from immuta_provider.api.http.errors import ConfigurationError, ProtocolError
from immuta_provider.api.integrations import responses
from immuta_provider.api.integrations.integration import Integration
from immuta_provider.api.integrations.routes import path_of

SNOWFLAKE = {
    "id": "1",
    "status": "enabled",
    "validationResults": {
        "status": "passed",
        "validationTests": [
            {"name": "Initial Validation: Basic Connection Test", "status": "passed", "result": []}
        ],
    },
    "type": "Snowflake",
    "autoBootstrap": True,
    "config": {"host": "acme.example", "port": 443, "audit": {"enabled": False}},
    "newKey": [1],
}


def test_an_answer_becomes_an_integration() -> None:
    assert responses.integration(SNOWFLAKE) == Integration(
        "1",
        "Snowflake",
        "enabled",
        True,
        {"host": "acme.example", "port": 443, "audit": {"enabled": False}},
        Validation("passed", (ValidationTest("Initial Validation: Basic Connection Test", "passed"),)),
    )


def test_the_answer_to_a_write_is_an_integration_without_its_configuration() -> None:
    assert responses.integration(
        {"id": 7, "status": "creating", "validationResults": {"validationTests": []}}
    ) == (Integration("7", "", "creating", None, None, Validation()))


@pytest.mark.parametrize(
    ("id", "text"), [(7, "7"), ("7", "7"), (7.0, "7"), ("a-b", "a-b"), (10**30, "1" + "0" * 30)]
)
def test_ids_are_text(id: Any, text: str) -> None:
    assert responses.integration({"id": id}).id == text


UNUSABLE = [
    *(
        "",
        " ",
        " 7 ",
        "7 ",
        "7\n",
        "a\nb",
        "a\x00b",
        ".",
        "..",
        "-5",
        "a/b",
        "a?b",
        "../../bim",
        "%2e%2e",
        "${file(1)}",
    ),
    *("é", "\uff17", "\u2116\uff11\uff12", "9" * 101),
]


@pytest.mark.parametrize(
    "id", [None, True, *UNUSABLE, 1.5, 1e300, -5, 10**4000, [], {}], ids=lambda id: f"{id!a:.20}"
)
def test_a_value_that_is_not_an_id_is_refused(id: Any) -> None:
    with pytest.raises(ProtocolError):
        responses.integration({"id": id})


@pytest.mark.parametrize("id", UNUSABLE)
def test_an_id_that_no_answer_can_have_has_no_path(id: str) -> None:
    with pytest.raises(ConfigurationError):
        path_of(id)


def test_the_list_omits_elements_with_unusable_ids() -> None:
    listed = responses.integrations([{"id": id, "type": "Trino"} for id in (".", "7", " 8 ", -5, "a/b")])
    assert listed == (Integration("7", "Trino"),)


def test_an_answer_without_an_id_is_about_the_requested_one() -> None:
    assert responses.integration({"status": "enabled"}, id="7") == Integration("7", status="enabled")
    with pytest.raises(ProtocolError):
        responses.integration({"id": "8"}, id="7")


@pytest.mark.parametrize(
    "value",
    [{"status": "enabled"}, "enabled", {"id": 7, "status": "enabled"}],
)
def test_each_answer_of_the_status_route_is_a_status(value: Any) -> None:
    assert responses.integration_status(value, "7") == Integration("7", status="enabled")


WRONG: list[tuple[Any, str]] = [
    (None, "an integration has to be an object, but it is nothing"),
    ([], "an integration has to be an object, but it is a list"),
    ("x", "an integration has to be an object, but it is a text"),
    ({"id": "1", "status": 5}, "`status` has to be text, but it is a number"),
    ({"id": "1", "type": []}, "`type` has to be text, but it is a list"),
    ({"id": "1", "autoBootstrap": "yes"}, "`autoBootstrap` has to be true or false, but it is a text"),
    ({"id": "1", "config": True}, "`config` has to be an object, but it is true or false"),
]


@pytest.mark.parametrize(("value", "what"), WRONG)
def test_an_integration_of_a_wrong_shape_is_refused(value: Any, what: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        responses.integration(value)
    assert (caught.value.summary, caught.value.detail) == (
        "Immuta's answer cannot be understood",
        f"{what}. Check that `host` is Immuta itself and that no proxy or gateway answers in its place.",
    )


def test_the_list_keeps_an_element_of_another_shape_by_its_id() -> None:
    listed = responses.integrations(
        [SNOWFLAKE, {"id": 2, "type": "Lake", "config": [1]}, {"id": 3, "status": "odd"}]
    )
    assert [(i.id, i.type, i.status, i.config is None) for i in listed] == [
        ("1", "Snowflake", "enabled", False),
        ("2", "", "", True),
        ("3", "", "odd", True),
    ]


def test_presences_are_the_ids_and_the_statuses_of_the_list() -> None:
    value = [SNOWFLAKE, {"id": 2, "type": "Lake", "config": [1]}, {"id": 3, "status": 5}]
    value += [{"id": "."}, {"id": 10**5000}]
    assert responses.presences(value) == tuple(
        Integration(i.id, status=i.status) for i in responses.integrations(value)
    )


@pytest.mark.parametrize("read", [responses.integrations, responses.presences])
@pytest.mark.parametrize("value", [{}, None, "x", [None], [{"type": "Trino"}], [[]]])
def test_a_list_of_a_wrong_shape_is_refused(value: Any, read: Callable[[Any], Any]) -> None:
    with pytest.raises(ProtocolError):
        read(value)


@pytest.mark.parametrize("key", ["apiKey", "apikey", "immutaApiKey", "immuta.apikey"])
def test_the_key_of_a_trino_cluster_is_dropped(key: str) -> None:
    trino = {"id": "1", "type": "Trino", key: "trino-secret", "config": {key: "trino-secret", "kept": 1}}
    assert responses.integration(trino) == Integration("1", "Trino", config={"kept": 1})
    assert "trino-secret" not in json.dumps(responses.without_api_key([trino]))


@pytest.mark.parametrize(
    ("value", "validation"),
    [
        (None, Validation()),
        ("passed", Validation()),
        ({"status": 1, "validationTests": {}}, Validation()),
        (
            {
                "status": "failed",
                "validationTests": [None, {"name": 5, "status": "failed", "message": "no grant"}],
            },
            Validation("failed", (ValidationTest("", "failed", "no grant"),)),
        ),
    ],
)
def test_validation_results_only_inform(value: Any, validation: Validation) -> None:
    assert responses.integration({"id": "1", "validationResults": value}).validation == validation


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "it is not valid JSON (0 bytes)"),
        (b"\n<!doctype html>", "it is an HTML or XML page, not JSON"),
        (b'{"id": "1"', "it is not valid JSON (10 bytes)"),
        (b'"\xff"', "it is not valid JSON (3 bytes)"),
        (b"[NaN]", "it is not valid JSON (5 bytes)"),
        (b"[1e999]", "it contains a number that is not finite"),
        (b"9" * 5000, "it is not valid JSON (5000 bytes)"),
        (b"[" * 101 + b"]" * 101, "its JSON is nested deeper than 100 levels"),
        (b"[" * 100_000, "it is not valid JSON (100000 bytes)"),
        (b"[" * 100_000 + b"]" * 100_000, "it is not valid JSON (200000 bytes)"),
    ],
)
def test_a_body_that_is_not_an_answer_is_refused(body: bytes, what: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        json_body.decode(body)
    assert caught.value.detail.startswith(f"{what}. ")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"\\ud800": ["\\udfff", "\xc3\xa9", "\\ud83d\\ude00"]}', {"?": ["?", "é", "😀"]}),
        (b'"\\uDFFF"', "?"),
        (b'"\xed\xa0\x80"', "?"),
        ('"\udfff"'.encode("utf-16-le", "surrogatepass"), "?"),
        ('"\udfff"'.encode("utf-32", "surrogatepass"), "?"),
    ],
)
def test_lone_surrogates_are_replaced(body: bytes, value: Any) -> None:
    assert json_body.decode(body) == value


def test_a_later_answer_replaces_only_what_it_contains() -> None:
    known = Integration("1", "Trino", "creating", False, {"a": 1}, Validation("passed"))
    assert known.updated(Integration("1", status="enabled")) == (
        Integration("1", "Trino", "enabled", False, {"a": 1}, Validation("passed"))
    )
    assert known.updated(Integration("1", "Trino", "enabled", True, {}, Validation("failed"))) == (
        Integration("1", "Trino", "enabled", True, {}, Validation("failed"))
    )


def test_the_repr_of_an_integration_shows_no_configuration() -> None:
    assert repr(responses.integration(SNOWFLAKE)) == "Integration(id='1', type='Snowflake', status='enabled')"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["id", "status", "type", "autoBootstrap", "config", "validationResults", "validationTests", "apiKey"]
SHAPED = st.recursive(
    JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)


@given(SHAPED | st.fixed_dictionaries({"id": st.integers()}, optional=dict.fromkeys(KEYS[1:], SHAPED)))
def test_any_json_is_an_answer_or_a_protocol_error(value: Any) -> None:
    for read in (
        responses.integration,
        responses.integrations,
        lambda v: responses.integration_status(v, "1"),
        lambda v: json_body.decode(json.dumps(v).encode()),
    ):
        with contextlib.suppress(ProtocolError):
            read(value)


@given(st.binary(max_size=50) | st.text(max_size=50).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_json_or_a_protocol_error(body: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        json_body.decode(body)
