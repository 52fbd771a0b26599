"""Merges of actual values with the planned or prior state. Whole states are compared."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.reconcile import contradictions, refreshed, settled
from immuta_provider.plugin.schema import Schema
from immuta_provider.plugin.types import NUMBER, STRING, ListOf
from immuta_provider.plugin.values import UNKNOWN
from support.attributes import nested, optional, required, same_host, write_only

SCHEMA = Schema(
    (
        required("host", semantic_equality=same_host),
        optional("port", NUMBER, computed=True),
        optional("names", ListOf(STRING)),
        nested(
            "audit", (optional("mode", computed=True), optional("size", NUMBER, computed=True)), computed=True
        ),
        nested("proxy", (required("host"), write_only("password"))),
        nested("rules", (required("name"), write_only("token")), "list"),
        nested(
            "places",
            (
                required("host", semantic_equality=same_host),
                optional("port", NUMBER, computed=True),
                write_only("token"),
            ),
            "list",
            element_key=("host",),
        ),
        write_only("password"),
    )
)
NOTHING: dict[str, Any] = {a.name: None for a in SCHEMA.attributes}
PRIOR = {
    **NOTHING,
    "host": "A.example",
    "port": 443,
    "names": ["a", "b"],
    "audit": {"mode": "on", "size": None},
    "proxy": {"host": "p", "password": None},
    "rules": [{"name": "one", "token": None}],
}

REFRESHES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # name: (actual values, changes of the state)
    "nothing": ({}, {}),
    "equivalent values": ({"host": "a.EXAMPLE", "names": ["b", "a"], "audit": {"mode": "on"}}, {}),
    "masked and missing": ({"port": None, "proxy": {"host": None}, "rules": [{"name": None}]}, {}),
    "another port": ({"port": 444}, {"port": 444}),
    "another host": ({"host": "b.example"}, {"host": "b.example"}),
    "a child that was null": ({"audit": {"mode": "on", "size": 5}}, {"audit": {"mode": "on", "size": 5}}),
    "a child changed": ({"audit": {"mode": "off"}}, {"audit": {"mode": "off", "size": None}}),
    "fewer names": ({"names": ["a"]}, {"names": ["a"]}),
    "no names": ({"names": []}, {"names": []}),
    "one more rule": (
        {"rules": [{"name": "one"}, {"name": "two"}]},
        {"rules": [{"name": "one", "token": None}, {"name": "two", "token": None}]},
    ),
    "secrets are never read back": ({"password": "leak", "proxy": {"host": "p", "password": "leak"}}, {}),
}


@pytest.mark.parametrize(("actual", "changes"), REFRESHES.values(), ids=REFRESHES)
def test_a_refresh_takes_over_real_differences_only(actual: dict[str, Any], changes: dict[str, Any]) -> None:
    assert refreshed(SCHEMA, PRIOR, actual) == {**PRIOR, **changes}


def test_a_refresh_without_prior_values_takes_over_all_but_secrets() -> None:
    actual = {
        "host": "a",
        "names": [],
        "audit": {"mode": "on"},
        "proxy": {"host": None},
        "rules": [{"name": "one", "token": "leak"}],
        "password": "leak",
    }
    assert refreshed(SCHEMA, NOTHING, actual) == {
        **NOTHING,
        "host": "a",
        "audit": {"mode": "on", "size": None},
        "rules": [{"name": "one", "token": None}],
    }


def test_after_a_write_the_planned_values_hold_and_the_server_fills_the_rest() -> None:
    kept = {**NOTHING, "host": "A.example", "rules": [{"name": "one", "token": None}]}
    planned = {**kept, "port": UNKNOWN, "names": UNKNOWN, "audit": {"mode": "on", "size": UNKNOWN}}
    actual = {"host": "a.example", "port": 443, "audit": {"mode": "off", "size": 5}, "password": "leak"}
    assert settled(SCHEMA, planned, actual) == {**kept, "port": 443, "audit": {"mode": "on", "size": 5}}
    assert settled(SCHEMA, {**planned, "audit": UNKNOWN}, {}) == kept


def test_contradictions_are_real_differences_only() -> None:
    state = {**PRIOR, "port": UNKNOWN, "audit": {"mode": "on", "size": UNKNOWN}}
    actual = {
        "host": "a.example",
        "port": 1,
        "names": ["a"],
        "audit": {"mode": "off", "size": 9},
        "password": "leak",
        "proxy": {"host": "q", "password": "leak"},
    }
    assert contradictions(SCHEMA, state, actual) == [
        (("names",), ["a", "b"], ["a"]),
        (("audit", "mode"), "on", "off"),
        (("proxy", "host"), "p", "q"),
    ]


def place(host: str | None, port: Any = None, **more: Any) -> dict[str, Any]:
    return {"host": host, "port": port, "token": None, **more}


PLACED = {**NOTHING, "places": [place("a", 1), place("b", 2), place("c")]}
ORDERS: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    # name: (actual values, the state)
    "another order": ([{"host": "C"}, {"host": "B", "port": 2}, {"host": "a"}], PLACED["places"]),
    "a value changed": (
        [{"host": "c", "port": 3, "token": "leak"}, {"host": "b", "port": 4}, {"host": "a"}],
        [place("a", 1), place("b", 4), place("c", 3)],
    ),
    "one gone": ([{"host": "c"}, {"host": "a"}], [place("a", 1), place("c")]),
    "one more": (
        [{"host": "d", "port": 4}, {"host": "c"}, {"host": "b"}, {"host": "a"}],
        [place("a", 1), place("b", 2), place("c"), place("d", 4)],
    ),
    "one in the place of another": (
        [{"host": "d"}, {"host": "b"}, {"host": "c"}],
        [place("b", 2), place("c"), place("d")],
    ),
    "one masked": (
        [{"host": "c"}, {"host": None, "port": 9}, {"host": "a"}],
        [place("a", 1), place("b", 9), place("c")],
    ),
    "a host twice": (
        [{"host": "a", "port": 1}, {"host": "a", "port": 2}, {"host": "b"}, {"host": "c"}],
        [place("a", 1), place("b", 2), place("c"), place("a", 2)],
    ),
}


@pytest.mark.parametrize(("actual", "places"), ORDERS.values(), ids=ORDERS)
def test_elements_with_a_key_match_in_any_order(actual: list[Any], places: list[Any]) -> None:
    assert refreshed(SCHEMA, PLACED, {"places": actual}) == {**PLACED, "places": places}
    differs = [] if places == PLACED["places"] else [(("places",), PLACED["places"], actual)]
    assert contradictions(SCHEMA, PLACED, {"places": actual}) == differs


def test_a_computed_value_after_a_write_comes_from_the_element_with_the_same_key() -> None:
    planned = {**NOTHING, "places": [place("a", UNKNOWN), place("b", UNKNOWN), place("c", UNKNOWN)]}
    actual = [{"host": "c", "port": 3}, {"host": "A", "port": 1}]
    places = settled(SCHEMA, planned, {"places": actual})["places"]
    assert places == [place("a", 1), place("b"), place("c", 3)]
