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
from immuta_provider.plugin.types import BOOL, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, WriteOnly
from support.toy_provider import PLAIN, THING

SECRET = Attribute("token", STRING, optional=True, write_only=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"required": True}, "it has either a type or nested attributes"),
        (
            {"type": STRING, "nested": Nested(()), "required": True},
            "it has either a type or nested attributes",
        ),
        ({"type": STRING}, "it is required, or optional, or computed"),
        ({"type": STRING, "required": True, "optional": True}, "it is required, or optional, or computed"),
        ({"type": STRING, "required": True, "computed": True}, "it is required, or optional, or computed"),
        ({"type": STRING, "optional": True, "computed": True, "write_only": True}, "cannot be computed"),
    ],
)
def test_attributes_that_terraform_would_refuse_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Attribute("a", **arguments)


def test_write_only_attributes_cannot_be_in_a_set_at_any_depth() -> None:
    owner = Attribute("owner", nested=Nested((SECRET,)), optional=True)
    with pytest.raises(ValueError, match="write-only attributes inside a set"):
        Nested((owner,), "set")


def test_names_are_unique_and_nesting_is_known() -> None:
    with pytest.raises(ValueError, match="the same name"):
        Schema((SECRET, SECRET))
    with pytest.raises(ValueError, match="nesting is one of single, list, set, map, not 'tuple'"):
        Nested((), "tuple")


def test_the_type_of_a_schema_as_configured_and_as_stored() -> None:
    owner = Attribute(
        "owner", nested=Nested((SECRET, Attribute("age", NUMBER, optional=True)), "list"), optional=True
    )
    schema = Schema((owner, Attribute("tags", MapOf(STRING), optional=True)))
    inner = {"token": STRING, "age": NUMBER}
    assert schema.object_type == ObjectOf({"owner": ListOf(ObjectOf(inner)), "tags": MapOf(STRING)})
    assert repr(schema.stored_type) == repr(
        ObjectOf(
            {"owner": ListOf(ObjectOf({"token": WriteOnly(STRING), "age": NUMBER})), "tags": MapOf(STRING)}
        )
    )


def test_a_read_schema_has_no_write_only_attribute() -> None:
    nested = Attribute("owner", nested=Nested((SECRET,)), optional=True)
    with pytest.raises(ValueError, match=r"only a managed resource or an action .*; here: token, owner"):
        ReadSchema((SECRET, nested, Attribute("id", STRING, computed=True)))
    schema = ReadSchema((Attribute("id", STRING, computed=True),), 2, "Read.", deprecated=True)
    assert (schema.version, schema.description, schema.deprecated) == (2, "Read.", True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"type": MapOf(STRING), "required_for_import": True}, "text, number, bool or a list of them"),
        ({"type": ListOf(ListOf(STRING)), "required_for_import": True}, "or a list of them, not ListOf"),
        ({"type": STRING}, "either required or optional for import"),
        (
            {"type": STRING, "required_for_import": True, "optional_for_import": True},
            "either required or optional for import",
        ),
    ],
)
def test_identity_attributes_that_terraform_would_refuse(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"identity attribute a: .*{message}"):
        IdentityAttribute("a", **arguments)


def test_identity_schemas_that_terraform_would_refuse() -> None:
    one = IdentityAttribute("a", ListOf(BOOL), required_for_import=True)
    for attributes in ((), (one, one)):
        with pytest.raises(ValueError, match="at least one attribute, and no two of the same name"):
            IdentitySchema(attributes)
    assert IdentitySchema((one,)).object_type == ObjectOf({"a": ListOf(BOOL)})


def test_schema_finds_its_secrets() -> None:
    holders = [a.name for a in THING.attributes if a.holds_secret]
    assert holders == ["hint", "password", "owner", "rules", "zones"]
    assert [a.name for a in THING.attributes if a.holds_write_only] == ["password", "owner", "rules", "zones"]
    assert (PLAIN.holds_secret, PLAIN.holds_write_only) == (False, False)


def test_attributes_by_name() -> None:
    zones = THING.attribute("zones")
    assert zones is not None
    assert zones.nested is not None
    assert zones.nested.attribute("city") is zones.nested.attributes[0]
    assert THING.attribute("nothing") is None
    assert repr(THING.attribute("tags")) == repr(Attribute("tags", SetOf(STRING), optional=True))


def test_diagnostics() -> None:
    diagnostics = Diagnostics()
    diagnostics.warning("look", "here", ("a", 0))
    assert not diagnostics.has_error
    diagnostics.error("stop")
    assert diagnostics == [Diagnostic("warning", "look", "here", ("a", 0)), Diagnostic("error", "stop")]
    assert diagnostics.has_error
    assert repr(diagnostics[0]) == "Diagnostic('warning', 'look', 'here', ('a', 0))"
    with pytest.raises(ValueError, match="not 'fatal'"):
        Diagnostic("fatal", "x")
