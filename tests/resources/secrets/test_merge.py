"""What an update sends where `ignore_changes` holds a value back."""

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
TOLD = (
    Attribute("name", STRING, optional=True, semantic_equality=lambda a, b: str(a).lower() == str(b).lower()),
    Attribute("note", STRING, optional=True),
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
        Attribute("rows", nested=Nested(OBJECT, "list"), optional=True),
        Attribute("told", nested=Nested(TOLD, "list", element_key=("name",)), optional=True),
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
        "rows": [{"name": "new", "secret": "s1"}, {"name": "b", "secret": None}],
        "told": None,
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
        "rows": [{"name": "old", "secret": None}, {"name": "b", "secret": None}],
        "told": None,
        "bare": None,
    }
    effective, lost = config_for_update(SCHEMA, config, planned)
    assert lost == []
    assert effective == {
        **config,
        "ignored": "old",
        "taken_out": "old",
        "one": {"name": "old", "secret": "s"},
        "rows": [{"name": "old", "secret": "s1"}, {"name": "b", "secret": None}],
    }


NOTHING: dict[str, Any] = dict.fromkeys((a.name for a in SCHEMA.attributes), None)


def row(name: str | None, secret: str | None = None, *, of: str = "rows") -> dict[str, Any]:
    return (
        {"name": name, "secret": secret} if of == "rows" else {"name": name, "note": None, "secret": secret}
    )


def test_rows_that_nothing_tells_apart_have_no_secrets_to_match_in_a_list_of_another_length() -> None:
    planned = {**NOTHING, "rows": [row("a")]}
    for given in ([row("a", "s"), row("b", "t")], None):
        effective, lost = config_for_update(SCHEMA, {**NOTHING, "rows": given}, planned)
        assert (effective["rows"], lost) == ([row("a")], [("rows", 0)])


def test_rows_that_stay_have_their_own_secrets_wherever_they_stand() -> None:
    planned = {**NOTHING, "told": [row("a", of="told"), row("b", of="told"), row(None, of="told")]}
    given = [row("B", "sb", of="told"), row(None, "sn", of="told"), row("c", "sc", of="told")]
    effective, lost = config_for_update(SCHEMA, {**NOTHING, "told": given}, planned)
    assert effective["told"] == [
        row("a", of="told"),
        row("b", "sb", of="told"),
        row(None, "sn", of="told"),
    ]
    assert lost == [("told", 0)]


def test_no_secret_is_lost_with_a_row_that_has_none() -> None:
    planned = {**NOTHING, "bare": [{"name": "a"}]}
    effective, lost = config_for_update(SCHEMA, NOTHING, planned)
    assert (effective["bare"], lost) == ([{"name": "a"}], [])
