"""Schemas, and the ones that Terraform would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostic, Diagnostics
from immuta_provider.plugin.schema import (
    Attribute,
    IdentityAttribute,
    IdentitySchema,
    Nested,
    ReadSchema,
    Schema,
)
from immuta_provider.plugin.types import BOOL, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, Type, WriteOnly
from support.attributes import computed, nested, optional, write_only
from support.toy_provider import PLAIN, THING

SECRET = write_only("token")
ONE_OF = "it has either a type or nested attributes"
HOW = "it is required, or optional, or computed"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"required": True}, ONE_OF),
        ({"type": STRING, "nested": Nested(()), "required": True}, ONE_OF),
        ({"type": STRING}, HOW),
        ({"type": STRING, "required": True, "optional": True}, HOW),
        ({"type": STRING, "required": True, "computed": True}, HOW),
        ({"type": STRING, "optional": True, "computed": True, "write_only": True}, "cannot be computed"),
    ],
)
def test_attributes_that_terraform_would_refuse_are_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Attribute("a", **arguments)


def test_write_only_attributes_cannot_be_in_a_set_at_any_depth() -> None:
    with pytest.raises(ValueError, match="write-only attributes inside a set"):
        Nested((nested("owner", [SECRET]),), "set")


def test_names_are_unique_and_nesting_is_known() -> None:
    with pytest.raises(ValueError, match="the same name"):
        Schema((SECRET, SECRET))
    with pytest.raises(ValueError, match="nesting is one of single, list, set, map, not 'tuple'"):
        Nested((), "tuple")


def test_the_stored_type_of_a_schema_marks_what_is_write_only() -> None:
    owner = nested("owner", (SECRET, optional("age", NUMBER)), "list")
    schema = Schema((owner, optional("tags", MapOf(STRING))))

    def type_with(token: Type) -> Type:
        return ObjectOf({"owner": ListOf(ObjectOf({"token": token, "age": NUMBER})), "tags": MapOf(STRING)})

    assert schema.object_type == type_with(STRING)
    assert repr(schema.stored_type) == repr(type_with(WriteOnly(STRING)))


def test_a_read_schema_has_no_write_only_attribute() -> None:
    with pytest.raises(ValueError, match=r"only a managed resource or an action .*; here: token, owner"):
        ReadSchema((SECRET, nested("owner", [SECRET]), computed("id")))
    schema = ReadSchema((computed("id"),), 2, "Read.", deprecated=True)
    assert (schema.version, schema.description, schema.deprecated) == (2, "Read.", True)


IMPORT = "either required or optional for import"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"type": MapOf(STRING), "required_for_import": True}, "text, number, bool or a list of them"),
        ({"type": ListOf(ListOf(STRING)), "required_for_import": True}, "or a list of them, not ListOf"),
        ({"type": STRING}, IMPORT),
        ({"type": STRING, "required_for_import": True, "optional_for_import": True}, IMPORT),
    ],
)
def test_identity_attributes_that_terraform_would_refuse_are_errors(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"identity attribute a: .*{message}"):
        IdentityAttribute("a", **arguments)


def test_identity_schemas_that_terraform_would_refuse_are_errors() -> None:
    one = IdentityAttribute("a", ListOf(BOOL), required_for_import=True)
    for attributes in ((), (one, one)):
        with pytest.raises(ValueError, match="at least one attribute, and no two of the same name"):
            IdentitySchema(attributes)
    assert IdentitySchema((one,)).object_type == ObjectOf({"a": ListOf(BOOL)})


def test_a_schema_finds_its_secrets() -> None:
    holders = [a.name for a in THING.attributes if a.holds_secret]
    assert holders == ["hint", "password", "owner", "rules", "zones"]
    assert [a.name for a in THING.attributes if a.holds_write_only] == ["password", "owner", "rules", "zones"]
    assert (PLAIN.holds_secret, PLAIN.holds_write_only) == (False, False)


def test_attributes_are_found_by_name() -> None:
    zones = THING.attribute("zones")
    assert zones is not None
    assert zones.nested is not None
    assert zones.nested.attribute("city") is zones.nested.attributes[0]
    assert THING.attribute("nothing") is None
    assert repr(THING.attribute("tags")) == repr(optional("tags", SetOf(STRING)))


def test_diagnostics_are_errors_or_warnings() -> None:
    diagnostics = Diagnostics()
    diagnostics.warning("look", "here", ("a", 0))
    assert not diagnostics.has_error
    diagnostics.error("stop")
    assert diagnostics == [Diagnostic("warning", "look", "here", ("a", 0)), Diagnostic("error", "stop")]
    assert diagnostics.has_error
    assert repr(diagnostics[0]) == "Diagnostic('warning', 'look', 'here', ('a', 0))"
    with pytest.raises(ValueError, match="not 'fatal'"):
        Diagnostic("fatal", "x")
