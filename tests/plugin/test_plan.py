"""The plan engine, as a table: the prior state, the configuration and the paths configured before give the plan."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from immuta_provider.plugin.plan import configured_paths, plan
from immuta_provider.plugin.schema import Schema
from immuta_provider.plugin.types import NUMBER, STRING, ListOf
from immuta_provider.plugin.values import UNKNOWN, Unknown
from support.attributes import computed, nested, optional, required, same_host, write_only

LIMITS = (optional("top", NUMBER, computed=True), optional("bottom", NUMBER, computed=True))
SCHEMA = Schema(
    (
        computed("id", use_state_for_unknown=True),
        required("host", requires_replace=True, semantic_equality=same_host),
        optional("size", NUMBER),
        optional("port", NUMBER, computed=True, requires_replace=True),
        optional("zone", requires_replace=True),
        write_only("password", sensitive=True),
        nested(
            "audit",
            (
                optional("enabled", computed=True),
                optional("format", computed=True, requires_replace=True),
                write_only("token", sensitive=True),
            ),
            computed=True,
        ),
        nested("limits", (*LIMITS, nested("soft", LIMITS, computed=True)), computed=True),
        nested("rules", (required("name"), optional("size", NUMBER, computed=True)), "list"),
        optional("tags", ListOf(STRING)),
        optional("note", state_only=True),
        computed("status"),
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
    audit = {"enabled": "yes", "format": None, "token": "t" * 8}
    made = plan(SCHEMA, None, {**CONFIG, "audit": audit, "size": UNKNOWN})
    planned = {
        **NOTHING,
        "id": UNKNOWN,
        "host": "A.example",
        "size": UNKNOWN,
        "port": UNKNOWN,
        "audit": {"enabled": "yes", "format": UNKNOWN, "token": None},
        "limits": UNKNOWN,
        "status": UNKNOWN,
    }
    assert (made.state, made.writes, made.replaces) == (planned, True, ())


class Update(NamedTuple):
    """An update plans these changes of the prior state, and an unknown status if it writes."""

    config: dict[str, Any]
    planned: dict[str, Any]
    writes: bool = True
    replaces: tuple[Any, ...] = ()
    configured: tuple[Any, ...] = ()


def audit(enabled: Any, format: Any) -> dict[str, Any]:
    return {"audit": {"enabled": enabled, "format": format, "token": None}}


def limits(top: Any, bottom: Any, soft: Any) -> dict[str, Any]:
    return {"limits": {"top": top, "bottom": bottom, "soft": soft}}


def soft(top: Any, bottom: Any) -> dict[str, Any]:
    return {"top": top, "bottom": bottom}


UPDATES = {
    "nothing changed": Update({}, {}, writes=False),
    "an equivalent host": Update({"host": "a.EXAMPLE"}, {}, writes=False),
    "another size": Update({"size": 2}, {"size": 2}),
    "another host": Update({"host": "b.example"}, {"host": "b.example"}, replaces=(("host",),)),
    "a host that is unknown": Update({"host": UNKNOWN}, {"host": UNKNOWN}, replaces=(("host",),)),
    "the server's own value made explicit": Update({"port": 443}, {}, writes=False),
    "another frozen port": Update({"port": 444}, {"port": 444}, replaces=(("port",),)),
    "a frozen value where null was": Update({"zone": "eu"}, {"zone": "eu"}),
    "a port no longer configured": Update(
        {}, {"port": UNKNOWN}, replaces=(("port",),), configured=(("port",),)
    ),
    "one child configured": Update(audit("yes", None), audit("yes", "json")),
    "a child beside others": Update(limits(10, None, None), limits(10, UNKNOWN, UNKNOWN)),
    "a child of a child": Update(limits(None, 1, soft(7, None)), limits(UNKNOWN, 1, soft(7, UNKNOWN))),
    "the server's own child made explicit": Update(limits(None, 1, soft(8, None)), {}, writes=False),
    "a child no longer configured": Update(
        audit(None, "json"),
        audit(UNKNOWN, "json"),
        configured=(("audit",), ("audit", "enabled"), ("audit", "format")),
    ),
    "an object no longer configured": Update(
        {}, {"audit": UNKNOWN}, replaces=(("audit",),), configured=(("audit",), ("audit", "enabled"))
    ),
    "an unknown object": Update({"audit": UNKNOWN}, {"audit": UNKNOWN}, replaces=(("audit",),)),
    "a frozen child changed": Update(
        audit(None, "csv"), audit(UNKNOWN, "csv"), replaces=(("audit", "format"),)
    ),
    "elements added": Update(
        {"rules": [{"name": "a", "size": None}]}, {"rules": [{"name": "a", "size": UNKNOWN}]}
    ),
    "an empty list where null was": Update({"tags": []}, {"tags": []}),
    "a change of the state only": Update({"note": "n"}, {"note": "n"}, writes=False),
    "a refined unknown": Update({"tags": Unknown({1: False})}, {"tags": Unknown({1: False})}),
}


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_an_update_plans_what_is_configured_and_keeps_the_rest(update: Update) -> None:
    made = plan(SCHEMA, STORED, {**CONFIG, **update.config}, configured=update.configured)
    planned = {**(WRITTEN if update.writes else STORED), **update.planned}
    assert (made.state, made.writes, made.replaces) == (planned, update.writes, update.replaces)


def test_a_requested_write_makes_only_computed_attributes_unknown() -> None:
    made = plan(SCHEMA, STORED, CONFIG, write=True)
    assert (made.state, made.writes, made.replaces) == (WRITTEN, True, ())


def test_configured_paths_are_the_optional_computed_values_that_are_set() -> None:
    config = {
        **CONFIG,
        "id": "1",
        "port": 1,
        "audit": {"enabled": "yes", "format": None, "token": "t"},
        "tags": [],
        "status": "enabled",
    }
    assert configured_paths(SCHEMA, config) == [("port",), ("audit",), ("audit", "enabled")]


def test_a_moved_element_is_planned_as_configured() -> None:
    """Terraform compares it with the prior element at its new position, which has another key."""
    place = (required("host", semantic_equality=same_host), optional("size", NUMBER, computed=True))
    schema = Schema([nested("places", place, "list", element_key=("host",))])
    prior = {"places": [{"host": "A", "size": 1}, {"host": "b", "size": 2}]}
    same = {"places": [{"host": "a", "size": None}, {"host": "B", "size": None}]}
    moved = {"places": [{"host": "B", "size": 2}, {"host": "c", "size": 3}, {"host": "a", "size": 1}]}
    made = [plan(schema, prior, config) for config in (same, moved)]
    assert [(each.state, each.writes) for each in made] == [(prior, False), (moved, True)]


def test_only_an_element_with_the_same_key_keeps_its_computed_values() -> None:
    limits = nested("limits", [optional("top", NUMBER, computed=True)], computed=True)
    place = (required("host"), optional("path"), limits)
    schema = Schema([nested("places", place, "list", element_key=("host",))])

    def places(**tops: Any) -> dict[str, Any]:
        return {
            "places": [{"host": host, "path": None, "limits": {"top": top}} for host, top in tops.items()]
        }

    def planned(config: dict[str, Any]) -> Any:
        return plan(schema, places(a=1), config).state

    assert planned(places(a=None, b=None)) == places(a=1, b=UNKNOWN)
    assert planned(places(b=None, a=None)) == places(b=UNKNOWN, a=UNKNOWN)


def test_configured_paths_include_attributes_of_elements() -> None:
    def rules(first: Any, second: Any) -> dict[str, Any]:
        return {"rules": [{"name": "a", "size": first}, {"name": "b", "size": second}]}

    assert configured_paths(SCHEMA, {**CONFIG, **rules(None, 2)}) == [("rules", 1, "size")]
    prior, without = {**STORED, **rules(1, 2)}, {**CONFIG, **rules(None, None)}
    assert not plan(SCHEMA, prior, without).writes
    removed = plan(SCHEMA, prior, without, configured=[("rules", 1, "size")])
    assert removed.state == {**WRITTEN, **rules(1, UNKNOWN)}
