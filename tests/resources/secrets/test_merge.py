"""The configuration of an update in which `ignore_changes` keeps values."""

from __future__ import annotations

from typing import Any

from immuta_provider.plugin.schema import Attribute, Nested, Schema
from immuta_provider.plugin.types import STRING
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.secrets.merge import config_for_update

OBJECT = (
    Attribute("name", STRING, optional=True),
    Attribute("secret", STRING, optional=True, write_only=True),
)
KEYED = (
    Attribute("name", STRING, optional=True, semantic_equality=lambda a, b: str(a).lower() == str(b).lower()),
    Attribute("secret", STRING, optional=True, write_only=True),
)
SCHEMA = Schema(
    (
        Attribute("id", STRING, computed=True, use_state_for_unknown=True),
        Attribute("fixed", STRING, optional=True, computed=True, use_state_for_unknown=True),
        Attribute("filled", STRING, optional=True, computed=True),
        Attribute("changed", STRING, required=True),
        Attribute("ignored", STRING, optional=True),
        Attribute("taken_out", STRING, optional=True),
        Attribute("password", STRING, optional=True, write_only=True),
        Attribute("one", nested=Nested(OBJECT, "single"), optional=True),
        Attribute("elements", nested=Nested(OBJECT, "list"), optional=True),
        Attribute("keyed", nested=Nested(KEYED, "list", element_key=("name",)), optional=True),
        Attribute("bare", nested=Nested(OBJECT[:1], "list"), optional=True),
    )
)


def test_ignored_values_stay_and_secrets_are_as_configured() -> None:
    config: dict[str, Any] = {
        "id": None,
        "fixed": None,
        "filled": None,
        "changed": "new",
        "ignored": "new",
        "taken_out": None,
        "password": "p",
        "one": {"name": "new", "secret": "s"},
        "elements": [{"name": "new", "secret": "s1"}, {"name": "b", "secret": None}],
        "keyed": None,
        "bare": None,
    }
    planned: dict[str, Any] = {
        "id": "1",
        "fixed": "f",
        "filled": UNKNOWN,
        "changed": "new",
        "ignored": "old",
        "taken_out": "old",
        "password": None,
        "one": {"name": "old", "secret": None},
        "elements": [{"name": "old", "secret": None}, {"name": "b", "secret": None}],
        "keyed": None,
        "bare": None,
    }
    effective, lost = config_for_update(SCHEMA, config, planned)
    assert lost == []
    assert effective == {
        **config,
        "ignored": "old",
        "taken_out": "old",
        "one": {"name": "old", "secret": "s"},
        "elements": [{"name": "old", "secret": "s1"}, {"name": "b", "secret": None}],
    }


NOTHING: dict[str, Any] = dict.fromkeys((a.name for a in SCHEMA.attributes), None)


def element(name: str | None, secret: str | None = None) -> dict[str, Any]:
    return {"name": name, "secret": secret}


def test_secrets_of_elements_without_a_key_are_lost_in_a_list_of_another_length() -> None:
    planned = {**NOTHING, "elements": [element("a")]}
    for configured in ([element("a", "s"), element("b", "t")], None):
        effective, lost = config_for_update(SCHEMA, {**NOTHING, "elements": configured}, planned)
        assert (effective["elements"], lost) == ([element("a")], [("elements", 0)])


def test_elements_with_a_key_keep_their_secrets_at_any_position() -> None:
    planned = {**NOTHING, "keyed": [element("a"), element("b"), element(None)]}
    configured = [
        element("B", "sb"),
        element(None, "sn"),
        element("c", "sc"),
    ]
    effective, lost = config_for_update(SCHEMA, {**NOTHING, "keyed": configured}, planned)
    assert effective["keyed"] == [
        element("a"),
        element("b", "sb"),
        element(None, "sn"),
    ]
    assert lost == [("keyed", 0)]


def test_an_element_without_secrets_loses_none() -> None:
    planned = {**NOTHING, "bare": [{"name": "a"}]}
    effective, lost = config_for_update(SCHEMA, NOTHING, planned)
    assert (effective["bare"], lost) == ([{"name": "a"}], [])
