"""The plan engine, as a table: prior state, configuration and the paths configured before → the plan."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.plan import configured_paths, plan
from immuta_provider.plugin.schema import Attribute, Nested, Schema
from immuta_provider.plugin.types import NUMBER, STRING, ListOf
from immuta_provider.plugin.values import UNKNOWN, Unknown


def same_host(a: Any, b: Any) -> bool:
    return bool(a.lower() == b.lower())


SCHEMA = Schema(
    (
        Attribute("id", STRING, computed=True, use_state_for_unknown=True),
        Attribute("host", STRING, required=True, requires_replace=True, semantic_equality=same_host),
        Attribute("size", NUMBER, optional=True),
        Attribute("port", NUMBER, optional=True, computed=True, requires_replace=True),
        Attribute("zone", STRING, optional=True, requires_replace=True),
        Attribute("password", STRING, optional=True, sensitive=True, write_only=True),
        Attribute(
            "audit",
            nested=Nested(
                (
                    Attribute("enabled", STRING, optional=True, computed=True),
                    Attribute("format", STRING, optional=True, computed=True, requires_replace=True),
                    Attribute("token", STRING, optional=True, sensitive=True, write_only=True),
                ),
                "single",
            ),
            optional=True,
            computed=True,
        ),
        Attribute(
            "limits",
            nested=Nested(
                (
                    Attribute("top", NUMBER, optional=True, computed=True),
                    Attribute("bottom", NUMBER, optional=True, computed=True),
                    Attribute(
                        "soft",
                        nested=Nested(
                            (
                                Attribute("top", NUMBER, optional=True, computed=True),
                                Attribute("bottom", NUMBER, optional=True, computed=True),
                            )
                        ),
                        optional=True,
                        computed=True,
                    ),
                )
            ),
            optional=True,
            computed=True,
        ),
        Attribute(
            "rows",
            nested=Nested(
                (
                    Attribute("name", STRING, required=True),
                    Attribute("size", NUMBER, optional=True, computed=True),
                ),
                "list",
            ),
            optional=True,
        ),
        Attribute("tags", ListOf(STRING), optional=True),
        Attribute("note", STRING, optional=True, state_only=True),
        Attribute("status", STRING, computed=True),
    )
)

NOTHING: dict[str, Any] = {a.name: None for a in SCHEMA.attributes}
STORED = {
    **NOTHING,
    "id": "1",
    "host": "A.example",
    "port": 443,
    "audit": {"enabled": "no", "format": "json", "token": None},
    "limits": {"top": 9, "bottom": 1, "soft": {"top": 8, "bottom": 2}},
    "status": "enabled",
}
CONFIG = {**NOTHING, "host": "A.example", "password": "hunter2-hunter2"}
WRITTEN = {**STORED, "status": UNKNOWN}


def test_creation_plans_unknown_for_computed_attributes_that_are_not_configured() -> None:
    made = plan(
        SCHEMA,
        None,
        {**CONFIG, "audit": {"enabled": "yes", "format": None, "token": "t" * 8}, "size": UNKNOWN},
    )
    assert made.writes
    assert made.replaces == ()
    assert made.state == {
        **NOTHING,
        "id": UNKNOWN,
        "host": "A.example",
        "size": UNKNOWN,
        "port": UNKNOWN,
        "audit": {"enabled": "yes", "format": UNKNOWN, "token": None},
        "limits": UNKNOWN,
        "status": UNKNOWN,
    }


ROWS: dict[str, tuple[dict[str, Any], tuple[Any, ...], dict[str, Any], bool, tuple[Any, ...]]] = {
    # name: (configuration over CONFIG, configured before, planned state, writes, replaces)
    "nothing changed": ({}, (), STORED, False, ()),
    "an equivalent spelling": ({"host": "a.EXAMPLE"}, (), STORED, False, ()),
    "another size": ({"size": 2}, (), {**WRITTEN, "size": 2}, True, ()),
    "another host": ({"host": "b.example"}, (), {**WRITTEN, "host": "b.example"}, True, (("host",),)),
    "a host that is unknown": ({"host": UNKNOWN}, (), {**WRITTEN, "host": UNKNOWN}, True, (("host",),)),
    "the server's own value made explicit": ({"port": 443}, (), STORED, False, ()),
    "another frozen port": ({"port": 444}, (), {**WRITTEN, "port": 444}, True, (("port",),)),
    "a frozen value where null was": ({"zone": "eu"}, (), {**WRITTEN, "zone": "eu"}, True, ()),
    "a port no longer configured": (
        {},
        (("port",),),
        {**WRITTEN, "port": UNKNOWN},
        True,
        (("port",),),
    ),
    "one child configured": (
        {"audit": {"enabled": "yes", "format": None, "token": None}},
        (),
        {**WRITTEN, "audit": {"enabled": "yes", "format": "json", "token": None}},
        True,
        (),
    ),
    "a child beside others": (
        {"limits": {"top": 10, "bottom": None, "soft": None}},
        (),
        {**WRITTEN, "limits": {"top": 10, "bottom": UNKNOWN, "soft": UNKNOWN}},
        True,
        (),
    ),
    "a child of a child": (
        {"limits": {"top": None, "bottom": 1, "soft": {"top": 7, "bottom": None}}},
        (),
        {**WRITTEN, "limits": {"top": UNKNOWN, "bottom": 1, "soft": {"top": 7, "bottom": UNKNOWN}}},
        True,
        (),
    ),
    "the server's own child made explicit": (
        {"limits": {"top": None, "bottom": 1, "soft": {"top": 8, "bottom": None}}},
        (),
        STORED,
        False,
        (),
    ),
    "a child no longer configured": (
        {"audit": {"enabled": None, "format": "json", "token": None}},
        (("audit",), ("audit", "enabled"), ("audit", "format")),
        {**WRITTEN, "audit": {"enabled": UNKNOWN, "format": "json", "token": None}},
        True,
        (),
    ),
    "an object no longer configured": (
        {},
        (("audit",), ("audit", "enabled")),
        {**WRITTEN, "audit": UNKNOWN},
        True,
        (("audit",),),
    ),
    "an unknown object": ({"audit": UNKNOWN}, (), {**WRITTEN, "audit": UNKNOWN}, True, (("audit",),)),
    "a frozen child changed": (
        {"audit": {"enabled": None, "format": "csv", "token": None}},
        (),
        {**WRITTEN, "audit": {"enabled": UNKNOWN, "format": "csv", "token": None}},
        True,
        (("audit", "format"),),
    ),
    "rows added": (
        {"rows": [{"name": "a", "size": None}]},
        (),
        {**WRITTEN, "rows": [{"name": "a", "size": UNKNOWN}]},
        True,
        (),
    ),
    "an empty list where null was": ({"tags": []}, (), {**WRITTEN, "tags": []}, True, ()),
    "a local change": ({"note": "n"}, (), {**STORED, "note": "n"}, False, ()),
    "a refined unknown": (
        {"tags": Unknown({1: False})},
        (),
        {**WRITTEN, "tags": Unknown({1: False})},
        True,
        (),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_update(row: str) -> None:
    config, configured, state, writes, replaces = ROWS[row]
    made = plan(SCHEMA, STORED, {**CONFIG, **config}, configured=configured)
    assert (made.state, made.writes, made.replaces) == (state, writes, replaces)


def test_a_requested_write_makes_only_computed_attributes_unknown() -> None:
    made = plan(SCHEMA, STORED, CONFIG, write=True)
    assert (made.state, made.writes, made.replaces) == (WRITTEN, True, ())


def test_configured_paths_are_the_optional_computed_values_that_are_set() -> None:
    config = {
        **CONFIG,
        "port": 1,
        "audit": {"enabled": "yes", "format": None, "token": "t"},
        "tags": [],
        "size": None,
    }
    assert configured_paths(SCHEMA, {**config, "id": "1", "status": "enabled"}) == [
        ("port",),
        ("audit",),
        ("audit", "enabled"),
    ]


def test_a_moved_element_is_planned_as_configured() -> None:
    """Terraform compares it with the prior element at its new position, which has another key."""
    place = (
        Attribute("host", STRING, required=True, semantic_equality=same_host),
        Attribute("size", NUMBER, optional=True, computed=True),
    )
    schema = Schema(
        (Attribute("places", nested=Nested(place, "list", element_key=("host",)), optional=True),)
    )
    prior = {"places": [{"host": "A", "size": 1}, {"host": "b", "size": 2}]}
    same = {"places": [{"host": "a", "size": None}, {"host": "B", "size": None}]}
    kept = plan(schema, prior, same)
    assert (kept.state, kept.writes) == (prior, False)
    moved = plan(
        schema,
        prior,
        {"places": [{"host": "B", "size": 2}, {"host": "c", "size": 3}, {"host": "a", "size": 1}]},
    )
    assert (moved.state, moved.writes) == (
        {"places": [{"host": "B", "size": 2}, {"host": "c", "size": 3}, {"host": "a", "size": 1}]},
        True,
    )


def test_only_an_element_with_the_same_key_keeps_its_computed_values() -> None:
    place = (
        Attribute("host", STRING, required=True),
        Attribute("path", STRING, optional=True),
        Attribute(
            "limits",
            nested=Nested((Attribute("top", NUMBER, optional=True, computed=True),)),
            optional=True,
            computed=True,
        ),
    )
    schema = Schema(
        (Attribute("places", nested=Nested(place, "list", element_key=("host",)), optional=True),)
    )
    unset = {"path": None, "limits": {"top": None}}
    prior = {"places": [{"host": "a", "path": None, "limits": {"top": 1}}]}
    made = plan(schema, prior, {"places": [{"host": "a", **unset}, {"host": "b", **unset}]})
    kept, unknown = {"path": None, "limits": {"top": 1}}, {"path": None, "limits": {"top": UNKNOWN}}
    assert made.state == {"places": [{"host": "a", **kept}, {"host": "b", **unknown}]}
    made = plan(schema, prior, {"places": [{"host": "b", **unset}, {"host": "a", **unset}]})
    assert made.state == {"places": [{"host": "b", **unknown}, {"host": "a", **unknown}]}


def test_configured_paths_include_attributes_of_elements() -> None:
    config = {**CONFIG, "rows": [{"name": "a", "size": None}, {"name": "b", "size": 2}]}
    assert configured_paths(SCHEMA, config) == [("rows", 1, "size")]
    prior = {**STORED, "rows": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}
    without = {**config, "rows": [{"name": "a", "size": None}, {"name": "b", "size": None}]}
    assert not plan(SCHEMA, prior, without).writes
    removed = plan(SCHEMA, prior, without, configured=[("rows", 1, "size")])
    assert removed.state == {
        **WRITTEN,
        "rows": [{"name": "a", "size": 1}, {"name": "b", "size": UNKNOWN}],
    }
