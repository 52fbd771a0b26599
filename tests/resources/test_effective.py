"""What an update sends where `ignore_changes` holds a value back."""

from __future__ import annotations

from typing import Any

from immuta_provider.plugin.schema import Attribute, Nested, Schema
from immuta_provider.plugin.types import STRING
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.effective import effective

OBJECT = (
    Attribute("name", STRING, optional=True),
    Attribute("secret", STRING, optional=True, write_only=True),
)
SCHEMA = Schema(
    (
        Attribute("id", STRING, computed=True, stable=True),
        Attribute("fixed", STRING, optional=True, computed=True, stable=True),
        Attribute("filled", STRING, optional=True, computed=True),
        Attribute("changed", STRING, required=True),
        Attribute("ignored", STRING, optional=True),
        Attribute("taken_out", STRING, optional=True),
        Attribute("password", STRING, optional=True, write_only=True),
        Attribute("one", nested=Nested(OBJECT, "single"), optional=True),
        Attribute("rows", nested=Nested(OBJECT, "list"), optional=True),
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
    }
    assert effective(SCHEMA, config, planned) == {
        **config,
        "ignored": "old",
        "taken_out": "old",
        "one": {"name": "old", "secret": "s"},
        "rows": [{"name": "old", "secret": "s1"}, {"name": "b", "secret": None}],
    }


def test_rows_of_another_number_have_no_secrets_to_match() -> None:
    config = dict.fromkeys((a.name for a in SCHEMA.attributes), None)
    planned = {**config, "rows": [{"name": "a", "secret": None}]}
    given = {**config, "rows": [{"name": "a", "secret": "s"}, {"name": "b", "secret": "t"}]}
    assert effective(SCHEMA, given, planned)["rows"] == [{"name": "a", "secret": None}]
    assert effective(SCHEMA, config, planned)["rows"] == [{"name": "a", "secret": None}]
